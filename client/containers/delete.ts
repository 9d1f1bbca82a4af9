import { isGivenUp } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { afterWrite } from "../transport/after_write.ts";
import { type AgreedContainer, refuseOther } from "./agreed.ts";
import { type Container, isOfPeer } from "./container.ts";
import type { ContainerReader } from "./reader.ts";
import { poll } from "../async/poll.ts";
import { ContainariumError, restate } from "../errors.ts";
import type { Http } from "../transport/http.ts";
import { containerName, containerPath } from "./username.ts";

/** How to delete a container. */
export interface DeleteOptions extends CallOptions {
  /**
   * Kill it first instead of shutting it down; a running container is deleted either way.
   *
   * @default {false}
   */
  readonly force?: boolean | undefined;
  /**
   * Deletes only this; refuses if the container has been replaced since.
   *
   * @default The current state
   */
  readonly agreed?: AgreedContainer | undefined;
}

/** Result of a deletion. */
export interface DeleteResult {
  /** False when there was no such container. */
  readonly deleted: boolean;
  /** The instance's name: `<username>-container`. */
  readonly name: string;
  /** Whether its protection could be checked first. A peer's cannot. */
  readonly protectionChecked: boolean;
}

const LOOKS = 4;
const FIRST_LOOK_MS = 100;

/** Deletes a container: checks that it may, sends, and verifies that it is gone. */
export async function deleteContainer(
  http: Http,
  containers: ContainerReader,
  username: string,
  { signal, force = false, agreed }: DeleteOptions,
): Promise<DeleteResult> {
  const before = await containers.find(username, { signal });
  const name = containerName(username);
  if (before === undefined || before.state === "failed") {
    return { deleted: false, name, protectionChecked: true };
  }
  refuseProtected(before);
  if (agreed !== undefined) refuseOther(before, agreed, `The deletion of ${name}`);
  const query = { force: force ? "true" : undefined };
  try {
    await http.request("DELETE", containerPath(username), { signal, query });
  } catch (error) {
    throw await withState(error, containers, before, signal);
  }
  await afterWrite(
    `The deletion of ${name}`,
    () => verifyGone(containers, username, signal),
  );
  return { deleted: true, name, protectionChecked: !isOfPeer(before) };
}

/** The daemon deletes a protected container without a warning. */
function refuseProtected({ username, isProtected }: Container): void {
  if (isProtected) throw protectedError(username);
}

/** Returns the error for a container that its owner protected. */
export function protectedError(username: string): ContainariumError {
  return new ContainariumError(
    "failed_precondition",
    `${username}'s container is protected from deletion. Nothing was deleted`,
    { reason: "protected", details: { username } },
  );
}

/** The daemon forwards only the status of a peer's refusal, and nothing after 30 s. */
async function withState(
  error: unknown,
  containers: ContainerReader,
  before: Container,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const isComplete = !(error instanceof ContainariumError) || isGivenUp(error, signal) ||
    !isOfPeer(before);
  if (isComplete) return error;
  const now = await containers.find(before.username, { signal }).catch(() => "unread" as const);
  const where = before.backendId ?? "another backend";
  const outcome = now === undefined
    ? "It is gone now"
    : now === "unread"
    ? `Whether it is still on ${where} is unknown`
    : `It is on ${where} and ${now.state}; only that backend's log says why`;
  return restate(error, `${error.message}. ${outcome}`);
}

async function verifyGone(
  containers: ContainerReader,
  username: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const left = await poll(
    () => containers.list({ signal, username }),
    (rows) => rows.length === 0,
    { firstMs: FIRST_LOOK_MS, factor: 2, looks: LOOKS, signal },
  );
  if (left.length > 0) throw new ContainariumError("ambiguous", "the daemon still lists it");
}
