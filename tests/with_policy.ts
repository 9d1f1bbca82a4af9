import { connect, type Session, type Target } from "./connect.ts";
import type { Daemon } from "./daemon/mod.ts";
import { makeTempFolder } from "./temp.ts";

/** A server with a policy file, which the test may rewrite. */
export interface PolicySession extends AsyncDisposable {
  /** The conversation with it. */
  readonly session: Session;
  /** Writes another version of the file. */
  write(policy: unknown): Promise<void>;
}

/** Connects to a server with a policy file, `--config FILE`, and with every toolset. */
export async function connectWithPolicy(
  daemon: Daemon | Target,
  policy: unknown,
  capabilities: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<PolicySession> {
  await using made = new AsyncDisposableStack();
  const folder = made.use(await makeTempFolder());
  const file = `${folder.path}/policy.json`;
  const write = (policy: unknown) => Deno.writeTextFile(file, JSON.stringify(policy));
  await write(policy);
  const args = ["--config", file, "--toolsets", "all"];
  const session = made.use(await connect(daemon, { args, capabilities, env }));
  const all = made.move();
  return { session, write, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
