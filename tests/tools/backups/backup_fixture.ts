/** What the tests of the tools for backups share. @module */
import { connect, type ConnectOptions, type Session } from "../../connect.ts";

/** How the daemon gets in. */
export const login = { user: "app", "password_secret": "DB_PASSWORD" };
/** A backup of it. */
export const appdb = { username: "alice", database: "appdb", ...login };

/** Connects with the toolset. */
export async function connected(
  daemon: Parameters<typeof connect>[0],
  { args = [], ...options }: ConnectOptions = {},
): Promise<Session> {
  return await connect(daemon, { ...options, args: ["--toolsets", "default,backups", ...args] });
}

/** Returns a text with `TIME` for each time. */
export function withoutTimes(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z/g, "TIME").replaceAll(/\d{8}T\d{6}Z/g, "TIME");
}
