import {
  connectProcess,
  type ProcessOptions,
  type ProcessSession,
  type Target,
} from "../connect.ts";

/** A server process; on closing it is checked that it asked for nothing more than it was granted. */
export interface Launched extends AsyncDisposable {
  /** The conversation with it. */
  readonly server: ProcessSession;
}

/** Starts the server as shipped, with arguments and files that it may read. */
export async function launch(
  target: Target,
  options: Omit<ProcessOptions, "command"> = {},
): Promise<Launched> {
  const server = await connectProcess(target, options);
  return { server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
