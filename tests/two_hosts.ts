import { type Daemon, type DaemonOptions, startDaemon } from "./daemon/mod.ts";

/** A daemon on the host `near` that knows another one as the backend `far`, in the pool `gpu`. */
export interface TwoHosts extends AsyncDisposable {
  /** The one that is spoken to. */
  readonly near: Daemon;
  /** The other one. */
  readonly far: Daemon;
}

/** Starts both. */
export async function startTwoHosts(
  near: DaemonOptions = {},
  far: DaemonOptions = {},
): Promise<TwoHosts> {
  const other = await startDaemon({ hostname: "far-host", network: "10.78", ...far });
  const daemon = await startDaemon({
    ...near,
    cluster: { backendId: "near", peers: [{ id: "far", pool: "gpu", daemon: other }] },
  });
  return {
    near: daemon,
    far: other,
    [Symbol.asyncDispose]: async () => {
      await daemon.close();
      await other.close();
    },
  };
}
