/** A daemon whose containers have databases. @module */
import { type Daemon, type DaemonOptions, startDaemon } from "./daemon/mod.ts";

/** The databases' password, which may show nowhere. */
export const PASSWORD = "s3cr3t-v4lue";
const users = ["alice", "bob"];

/** Starts a daemon with PostgreSQL in the containers of alice and bob. */
export async function daemonWith(options: DaemonOptions = {}): Promise<Daemon> {
  return await startDaemon({
    containers: users.map((username) => ({ username })),
    postgresBoxes: users.map((username) => ({
      username,
      user: "app",
      password: PASSWORD,
      databases: { appdb: 1, postgres: 0 },
    })),
    secrets: users.map((username) => ({ username, name: "DB_PASSWORD", value: PASSWORD })),
    ...options,
  });
}
