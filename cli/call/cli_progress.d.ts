/** What is used of cli-progress, which has no types of its own. */
interface BarOptions {
  readonly format: string;
  readonly barsize: number;
  readonly barCompleteChar: string;
  readonly barIncompleteChar: string;
  readonly hideCursor: boolean;
  readonly clearOnComplete: boolean;
  readonly gracefulExit: boolean;
  readonly stream: { readonly write: (text: string) => void; readonly isTTY: boolean };
}
type Payload = Readonly<Record<string, string>>;
declare class SingleBar {
  constructor(options: BarOptions);
  start(total: number, value: number, payload: Payload): void;
  update(value: number, payload: Payload): void;
  setTotal(total: number): void;
  stop(): void;
}
declare const progress: { readonly SingleBar: typeof SingleBar };
export default progress;
