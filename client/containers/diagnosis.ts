import type { Http } from "../transport/http.ts";
import { containerPath } from "./username.ts";
import { readFlag, readList, readText } from "../wire.ts";

/** The daemon's own diagnosis of a container and its host account. */
export interface Diagnosis {
  /** The container's state in Incus's words: `running`, `stopped`, `missing`. */
  readonly containerState: string;
  /** Whether the host has an account of the user's name. */
  readonly hostUserExists: boolean;
  /** Login shell of the host account; absent: it has none, or the daemon is too old to say. */
  readonly loginShell?: string | undefined;
  /** Whether that shell is there: without it sshd refuses every login. */
  readonly loginShellExists: boolean;
  /** The host through which SSH reaches containers; absent: they are reached directly. */
  readonly sshIngressHost?: string | undefined;
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
    loginShell: readText(answer.hostUserShell),
    loginShellExists: readFlag(answer.hostUserShellExists),
    sshIngressHost: readText(answer.sshIngressHost),
    likelyCause: readText(answer.likelyCause),
    daemonVersion: readText(answer.daemonVersion),
  };
}

function texts(value: unknown): readonly string[] {
  return readList(value, "list").filter((text) => typeof text === "string");
}
