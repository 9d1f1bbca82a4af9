import type { Http } from "../transport/http.ts";
import { containerPath } from "./username.ts";
import { readFlag, readList, readText } from "../wire.ts";

/** The daemon's own diagnosis of a container and its host account. */
export interface Diagnosis {
  /** The container's state in Incus's words: `running`, `stopped`, `missing`. */
  readonly containerState: string;
  /** Whether the host has an account of the user's name. */
  readonly hostUserExists: boolean;
  /** What is most likely wrong, in the daemon's words. */
  readonly likelyCause?: string | undefined;
  /** What the daemon advises. */
  readonly nextActions: readonly string[];
  /** Recent logins that sshd on the host rejected. */
  readonly recentSshdRejections: readonly string[];
  /** The daemon's version. */
  readonly daemonVersion?: string | undefined;
}

/** Reads the diagnosis; `GET /v1/containers/{username}/debug`, since 0.16.5. */
export async function diagnose(
  http: Http,
  username: string,
  signal: AbortSignal | undefined,
): Promise<Diagnosis> {
  const answer = await http.request("GET", containerPath(username, "debug"), { signal });
  return {
    containerState: readText(answer.containerState) ?? "unknown",
    hostUserExists: readFlag(answer.hostUserExists),
    nextActions: texts(answer.nextActions),
    recentSshdRejections: texts(answer.recentSshdRejections),
    likelyCause: readText(answer.likelyCause),
    daemonVersion: readText(answer.daemonVersion),
  };
}

function texts(value: unknown): readonly string[] {
  return readList(value, "list").filter((text) => typeof text === "string");
}
