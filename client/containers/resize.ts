import { isGivenUp } from "../async/call_deadline.ts";
import { afterWrite } from "../transport/after_write.ts";
import { type AgreedContainer, notAgreed, refuseOther } from "./agreed.ts";
import type { Container, Limits } from "./container.ts";
import type { CallOptions } from "../async/call_options.ts";
import type { ContainerReader } from "./reader.ts";
import { ContainariumError, restate } from "../errors.ts";
import type { Http } from "../transport/http.ts";
import { Metrics } from "./metrics.ts";
import { isSameCpu, parseSize } from "./quantities.ts";
import { containerName, containerPath } from "./username.ts";

/** New limits. Absent ones stay as they are. */
export interface ResizeOptions extends CallOptions, Limits {
  /**
   * Whether the disk may shrink, which loses data beyond the new size.
   *
   * @default {false}
   */
  readonly allowShrink?: boolean | undefined;
  /**
   * The container as the user agreed to shrink it. Shrinking another one, or by more, is refused.
   *
   * @default The current state
   */
  readonly agreed?: AgreedContainer | undefined;
}

/** The limits before and after. */
export interface ResizeResult {
  /** The requested limits before. */
  readonly before: Limits;
  /** The same limits now, read back. */
  readonly after: Limits;
  /** The container afterwards. */
  readonly container: Container;
}

const kinds = ["cpu", "memory", "disk"] as const;

/** Resizes a container; `PUT /v1/containers/{username}/resize`, which is not atomic. */
export async function resizeContainer(
  http: Http,
  containers: ContainerReader,
  username: string,
  options: ResizeOptions,
): Promise<ResizeResult> {
  const { signal } = options;
  const wanted = pick(options, options);
  const before = await checkResize(http, containers, username, options);
  try {
    await http.request("PUT", containerPath(username, "resize"), { signal, body: { ...wanted } });
  } catch (error) {
    if (!(error instanceof ContainariumError) || isGivenUp(error, signal)) throw error;
    throw await withWhatChanged(error, containers, before, wanted, signal);
  }
  const container = await afterWrite(
    `The new size of ${containerName(username)}`,
    () => containers.get(username, { signal }),
  );
  verify(username, wanted, container);
  return { before: pick(before, wanted), after: pick(container, wanted), container };
}

/** Returns the container if {@linkcode resizeContainer} would not refuse to resize it. */
export async function checkResize(
  http: Http,
  containers: ContainerReader,
  username: string,
  options: ResizeOptions,
): Promise<Container> {
  const { signal, allowShrink = false, agreed } = options;
  const { disk, ...others } = pick(options, options);
  if (disk === undefined && Object.keys(others).length === 0) {
    throw new ContainariumError("invalid_argument", "Pass at least one of cpu, memory and disk");
  }
  const before = await containers.get(username, { signal });
  if (!allowShrink) await refuseShrink(http, before, disk, signal);
  else if (agreed !== undefined) refuseOtherShrink(before, disk, agreed);
  return before;
}

/** Whether `disk` is smaller than the container's; `undefined` if that is unknown. */
export function isShrink(container: Limits, disk: string): boolean | undefined {
  const now = parseSize(container.disk ?? "");
  const wanted = parseSize(disk);
  return now === undefined || wanted === undefined ? undefined : wanted < now;
}

/** The daemon shrinks a disk without a warning. */
async function refuseShrink(
  http: Http,
  { username, name, disk: now }: Container,
  disk: string | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (disk === undefined) return;
  const shrinks = isShrink({ disk: now }, disk);
  if (shrinks === false) return;
  const usedBytes = await diskUse(http, username, signal);
  throw new ContainariumError(
    "failed_precondition",
    shrinks === undefined
      ? `The disk of ${name} is of unknown size (${
        now ?? "none set"
      }), so ${disk} may be smaller. ` +
        "Nothing was changed"
      : `${disk} is less than the ${now} that the disk of ${name} has now. Nothing was changed`,
    { reason: "disk_shrink", details: { username, limit: now, usedBytes } },
  );
}

/** Returns the bytes in use on a container's disk. The daemon reports 0 if it does not know. */
async function diskUse(
  http: Http,
  username: string,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  try {
    const { diskBytes } = await new Metrics(http).get(username, { signal });
    return diskBytes === 0 ? undefined : diskBytes;
  } catch (error) {
    if (!(error instanceof ContainariumError) || isGivenUp(error, signal)) throw error;
    return undefined;
  }
}

/** Throws if a shrink loses more than the user agreed to. */
function refuseOtherShrink(
  before: Container,
  disk: string | undefined,
  agreed: AgreedContainer,
): void {
  if (disk === undefined || isShrink(before, disk) === false) return;
  const what = `The shrink of the disk of ${containerName(before.username)}`;
  refuseOther(before, agreed, what);
  const was = agreed.container?.disk;
  if (was === before.disk) return;
  // Shrinking from a size in between loses less than was agreed to.
  if (before.disk !== undefined && isShrink({ disk: was }, before.disk) === true) return;
  throw notAgreed(
    `${what} was not agreed to: its disk was ${
      was ?? "of unknown size"
    } when the user was asked, ` +
      `and is ${before.disk ?? "of unknown size"} now`,
  );
}

/**
 * The daemon sets disk, CPU and memory one after the other; an error says nothing about the earlier
 * ones.
 */
async function withWhatChanged(
  error: ContainariumError,
  containers: ContainerReader,
  before: Container,
  wanted: Limits,
  signal: AbortSignal | undefined,
): Promise<ContainariumError> {
  const now = await containers.find(before.username, { signal }).catch(() => undefined);
  const changes = now === undefined ? undefined : kinds
    .filter((kind) => wanted[kind] !== undefined && now[kind] !== before[kind])
    .map((kind) => `${kind} ${before[kind]} → ${now[kind]}`);
  const reading = changes === undefined
    ? "What changed is unknown"
    : changes.length === 0
    ? "Nothing was changed"
    : `Changed anyway: ${changes.join(", ")}`;
  return restate(error, `${error.message}. ${reading}`);
}

/** The daemon returns sizes as they were sent, and CPUs in its own form. */
function verify(username: string, wanted: Limits, container: Container): void {
  const differing = kinds.filter((kind) => {
    const asked = wanted[kind];
    const found = container[kind];
    if (asked === undefined || found === undefined) return false;
    return kind === "cpu" ? !isSameCpu(asked, found) : !isSameSize(asked, found);
  });
  if (differing.length === 0) return;
  const mismatches = differing.map((kind) =>
    `${kind} ${container[kind]} instead of ${wanted[kind]}`
  );
  throw new ContainariumError(
    "internal",
    `The daemon resized ${username}'s container, but reports ${mismatches.join(", ")}`,
  );
}

function isSameSize(one: string, other: string): boolean {
  return one === other || parseSize(one) === parseSize(other);
}

/** Returns the limits of `from` that `asked` has. */
function pick(from: Limits, asked: Limits): Limits {
  return Object.fromEntries(
    kinds.filter((kind) => asked[kind] !== undefined && from[kind] !== undefined)
      .map((kind) => [kind, from[kind]]),
  );
}
