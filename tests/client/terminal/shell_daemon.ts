import type { Daemon, LoginShell, ShellOptions } from "../../daemon/mod.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { Containers } from "../../../client/containers/containers.ts";
import { Http } from "../../../client/transport/http.ts";
import type { TerminalsOptions } from "../../../client/terminal/all_shells.ts";
import { Terminals } from "../../../client/terminal/terminals.ts";
import { TokenStore } from "../../../client/auth/token_store.ts";

/** Every one of them. */
export const loginShells: readonly LoginShell[] = ["bash", "dash", "ash"];

/** A daemon with a running container of alice's, whose terminal leads to a shell. */
export function startShells(
  shell: ShellOptions = {},
): Promise<Daemon> {
  return startDaemon({ containers: [{ username: "alice" }], shell });
}

/** Terminals of a daemon, closed at the end with what is left of them. */
export class TestTerminals extends Terminals implements AsyncDisposable {
  readonly #http: Http;

  private constructor(options: TerminalsOptions, http: Http) {
    super(options);
    this.#http = http;
  }

  /** Terminals with other patience than the client's. */
  static async of(
    daemon: { readonly url: string; token(): Promise<string> },
    options: Partial<TerminalsOptions> = {},
  ): Promise<TestTerminals> {
    const serverUrl = new URL(daemon.url);
    const token = new TokenStore(await daemon.token(), serverUrl);
    const log = options.log ?? (() => {});
    const http = new Http({
      serverUrl,
      token,
      redact: (text) => token.redact(text),
      caCerts: [],
      log,
      headersTimeoutMs: 10_000,
      totalTimeoutMs: 10_000,
      maxRetries: 2,
      maxInFlight: 8,
      maxAnswerBytes: 2 ** 20,
    });
    const containers = new Containers(http);
    const origin = "http://localhost:3000";
    const common = {
      serverUrl,
      token,
      containers,
      caCerts: [],
      route: "direct",
      origin,
      log,
    } as const;
    return new TestTerminals({ ...common, ...options }, http);
  }

  /** Closes them and the connections to the daemon. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    this.#http[Symbol.dispose]();
  }
}

/** What text says. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Resolves when nothing of ours is left in alice's container; fails when it stays. */
export async function nothingLeft(daemon: Daemon, seconds = 10): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  for (;;) {
    const { processes, files } = await daemon.leftovers("alice");
    if (processes.length === 0 && files.length === 0) return;
    if (performance.now() > end) {
      throw new Error(`Left behind:\n${[...processes, ...files].join("\n")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
