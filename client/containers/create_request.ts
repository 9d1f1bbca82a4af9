import { containerName } from "./username.ts";
import { ApiPath } from "../transport/api_path.ts";
import { afterWrite } from "../transport/after_write.ts";
import { type Container, unseenContainer } from "./container.ts";
import { readContainer } from "./container_row.ts";
import type { ContainerReader } from "./reader.ts";
import type { CreateOptions } from "./create_options.ts";
import type { Presence } from "./create_checks.ts";
import { poll } from "../async/poll.ts";
import { ContainariumError } from "../errors.ts";
import type { Http } from "../transport/http.ts";
import { isSameCpu } from "./quantities.ts";
import { type JsonObject, unlessEmpty } from "../wire.ts";

const FIRST_LOOK_MS = 100;
/** Number of times to look for a creation whose response was lost. */
const LOOKS = 5;

/**
 * Sends a creation, once. If the response is lost, looks for the container: the daemon lists it
 * before it answers.
 *
 * @throws {ContainariumError} `ambiguous` if it is unknown whether the daemon executes it
 */
export async function requestCreation(
  http: Http,
  containers: ContainerReader,
  options: CreateOptions,
  presence: Presence,
): Promise<Container> {
  try {
    return await post(http, options, presence);
  } catch (error) {
    if (!(error instanceof ContainariumError) || error.code !== "ambiguous") throw error;
    const { username, signal } = options;
    const found = await poll(
      async () => {
        const now = await containers.find(username, { signal }).catch(() => undefined);
        return now !== undefined && isOfThisCall(now, options, presence) ? now : undefined;
      },
      (now) => now !== undefined,
      { firstMs: FIRST_LOOK_MS, factor: 2, looks: LOOKS, signal },
    );
    if (found === undefined) throw error;
    return found;
  }
}

/**
 * An ERROR from before says nothing about this attempt; other limits belong to another's creation.
 */
function isOfThisCall(
  found: Container,
  { cpu, memory, disk }: CreateOptions,
  { failedBefore }: Presence,
): boolean {
  if (found.state === "failed") return !failedBefore;
  const isAsAsked = (asked: string | undefined, is: string | undefined, isSame = Object.is) =>
    asked === undefined || is === undefined || isSame(asked, is);
  return isAsAsked(cpu, found.cpu, isSameCpu) && isAsAsked(memory, found.memory) &&
    isAsAsked(disk, found.disk);
}

async function post(
  http: Http,
  options: CreateOptions,
  { isOldDaemon }: Presence,
): Promise<Container> {
  let body = createBody(options, isOldDaemon);
  for (;;) {
    try {
      const { signal } = options;
      const answer = await http.request("POST", new ApiPath("containers"), { signal, body });
      return await afterWrite(
        `The creation of ${containerName(options.username)}`,
        () => readCreated(answer.container, options.username),
      );
    } catch (error) {
      // A 400 for an unknown field means nothing was executed, so resending is safe.
      const { [podmanKeyRefused(error) ?? ""]: refused, ...rest } = body;
      if (refused === undefined) throw error;
      body = rest;
    }
  }
}

/** Some daemons accept an asynchronous creation and do not describe the container yet. */
function readCreated(container: unknown, username: string): Container {
  return container === undefined || container === null
    ? unseenContainer(username)
    : readContainer(container);
}

/**
 * Returns which of the switch's two names this daemon does not know. No other field is ever left
 * out.
 */
function podmanKeyRefused(error: unknown): string | undefined {
  if (!(error instanceof ContainariumError) || error.status !== 400) return undefined;
  const { field } = error.details;
  return field === "enablePodman" || field === "enableDocker" ? field : undefined;
}

/** Sends only what was set: newer daemons reject unknown keys, and all accept absent ones. */
function createBody(options: CreateOptions, isOldDaemon: boolean): JsonObject {
  const { username, cpu, memory, disk, sshKeys = [], image, os, labels = {}, ttlSeconds } = options;
  return {
    username,
    async: true,
    resources: unlessEmpty({ cpu, memory, disk }),
    sshKeys: unlessEmpty(sshKeys),
    osType: os && `OS_TYPE_${os.toUpperCase()}`,
    image: os === undefined ? image : undefined,
    labels: unlessEmpty(labels),
    ttlSeconds: ttlSeconds?.toString(),
    ...furtherKeys(options),
    enablePodman: options.enablePodman || undefined,
    // Before 0.6.0 it has another name; daemons of that age ignore the one they do not know.
    enableDocker: (options.enablePodman && isOldDaemon) || undefined,
  };
}

function furtherKeys(options: CreateOptions): JsonObject {
  const { gpus = [], stackParameters = {}, autoSleepMinutes, deleteAfterStoppedSeconds } = options;
  const { backend: backendId, pool, stack, staticIp, gitSource, gitRef, workspacePath } = options;
  return {
    backendId,
    pool,
    stack,
    stackParameters: unlessEmpty(stackParameters),
    staticIp,
    gitSource,
    gitRef,
    workspacePath,
    gpus: unlessEmpty(gpus),
    monitoring: options.monitoring || undefined,
    encrypted: options.encrypted || undefined,
    idleStopMinutes: autoSleepMinutes,
    deleteAfterStoppedSeconds: deleteAfterStoppedSeconds?.toString(),
  };
}
