/** Counts what tests try, where a soak asks for it: in the file that SOAK_INPUTS names. @module */

const file = Deno.env.get("SOAK_INPUTS");
let tried = 0;

if (file !== undefined) {
  globalThis.addEventListener("unload", () => Deno.writeTextFileSync(file, `${tried}`));
}

/** Counts inputs. */
export function countInputs(more = 1): void {
  tried += more;
}
