import { endsProcesses } from "../containers/ends_processes.ts";
import { containerPath } from "../containers/username.ts";
import type { ApiPath } from "../transport/api_path.ts";
import type { Method } from "../transport/http.ts";
import type { AllShells, TerminalsOptions } from "./all_shells.ts";
import type { ContainerTerminal } from "./terminal.ts";

/** Terminals of all containers. Once closed, no more can be opened. */
export class Terminals implements Disposable {
  readonly #options: TerminalsOptions;
  readonly #end = new AbortController();
  readonly #terminals = new Map<string, ContainerTerminal>();
  #loading: Promise<AllShells> | undefined;
  #shells: AllShells | undefined;

  /** @param options Their parts */
  constructor(options: TerminalsOptions) {
    this.#options = options;
  }

  /**
   * Returns the terminal of a container, always the same one.
   *
   * @throws {ContainariumError} `invalid_argument` for a username that cannot be one
   */
  of(username: string): ContainerTerminal {
    const known = this.#terminals.get(username);
    if (known !== undefined) return known;
    containerPath(username, "terminal");
    const shells = async () => (await (this.#loading ??= this.#load())).of(username);
    const terminal: ContainerTerminal = {
      run: async (command, options) => await (await shells()).run(command, options),
      open: async (options) => await (await shells()).open(options),
    };
    this.#terminals.set(username, terminal);
    return terminal;
  }

  /** Imported on first use: the protocol, the program in the container and the way there are large. */
  async #load(): Promise<AllShells> {
    const { AllShells } = await import("./all_shells.ts");
    return this.#shells = new AllShells(this.#options, this.#end.signal);
  }

  /** Uses no present session of a container for another command, if the write ended what ran there. */
  follow(method: Method, path: ApiPath): void {
    const { username } = path;
    if (username !== undefined && endsProcesses(method, path)) this.#shells?.retire(username);
  }

  /**
   * Ends everything in the containers and closes the connections, within 0.8 s. What does not
   * confirm exits by itself within 30 s.
   */
  async close(): Promise<void> {
    this.#end.abort();
    await this.#shells?.close();
  }

  /** Asks everything to end and closes without waiting. */
  [Symbol.dispose](): void {
    this.#end.abort();
    this.#shells?.[Symbol.dispose]();
  }
}
