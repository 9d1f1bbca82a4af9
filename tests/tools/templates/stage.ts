import { type CallResult, connect, type Session } from "../../connect.ts";
import {
  type Daemon,
  type DaemonOptions,
  type RecipeSeed,
  type RecordedRequest,
  startDaemon,
} from "../../daemon/mod.ts";

/** A recipe with required parameters. */
const web: RecipeSeed = {
  id: "web",
  parameters: [
    { name: "image", required: true, description: "What to run" },
    { name: "port", default: "80" },
  ],
  resources: { cpu: "2", memory: "1GB", disk: "10GB" },
  ports: [8080],
  postStart: ["podman run -d nginx"],
};

/** What it is asked for with. */
export const asked = { recipe: "web", username: "alice", parameters: { image: "nginx" } };

/** A daemon, and a server for it. */
export interface Stage extends AsyncDisposable {
  /** The daemon. */
  readonly daemon: Daemon;
  /** The server. */
  readonly server: Session;
  /** Calls `create_from_recipe`. */
  call(args: object): Promise<CallResult>;
  /** What was sent of deployments. */
  sent(): readonly RecordedRequest[];
}

/** A server for a daemon with that recipe. */
export async function start(options: DaemonOptions = {}): Promise<Stage> {
  const daemon = await startDaemon({ recipes: [web], ...options });
  const server = await connect(daemon);
  return {
    daemon,
    server,
    call: (args: object) => server.call("create_from_recipe", { ...args }),
    sent: () => daemon.requests.filter(({ path }) => path.endsWith("/deploy")),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await daemon[Symbol.asyncDispose]();
    },
  };
}
