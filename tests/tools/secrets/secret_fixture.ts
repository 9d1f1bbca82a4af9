/** What the tests of the tools for secrets share. @module */
import { type Daemon, type DaemonOptions, startDaemon } from "../../daemon/mod.ts";

/** Owner of the container. */
export const username = "alice";
/** A value that may show nowhere. */
export const VALUE = "s3cr3t-v4lue";
/** Arguments of `set_secret`, and a secret to start with. */
export const key = { username, name: "API_KEY", value: VALUE };
/** The same without the value. */
export const API_KEY = { username, name: "API_KEY" };

/** Starts a daemon with alice's container. */
export async function daemonWith(options: DaemonOptions = {}): Promise<Daemon> {
  return await startDaemon({ containers: [{ username }], ...options });
}

/** Returns a text with `TIME` for each time. */
export function withoutTimes(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z/g, "TIME");
}
