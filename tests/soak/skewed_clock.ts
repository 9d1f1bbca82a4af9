/** A server whose clock is wrong: to it, the daemon's is. @module */

/** Returns the address of a module that sets the clock of a process ahead, or behind. */
export function skewedClock(seconds: number): string {
  const program = `
    const Right = Date;
    const skewed = () => Right.now() + ${seconds * 1_000};
    globalThis.Date = class Date extends Right {
      constructor(...given) {
        if (given.length === 0) super(skewed());
        else super(...given);
      }
      static now() {
        return skewed();
      }
    };`;
  return `data:text/javascript,${encodeURIComponent(program)}`;
}
