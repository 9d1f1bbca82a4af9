import { ContainariumError } from "../errors.ts";
import { usernamePattern } from "../containers/username.ts";
import { readObject, readOptionalObject, readText, readTime } from "../wire.ts";
import type { ServerEvent } from "./event_reader.ts";

/** Kind of an event. */
export type ContainerEventKind = "created" | "deleted" | "started" | "stopped";

const kinds: readonly ContainerEventKind[] = ["created", "deleted", "started", "stopped"];

/** An event of any user's container. */
export interface ContainerEvent {
  /** What happened. */
  readonly kind: ContainerEventKind;
  /** Owner of the container. */
  readonly username: string;
  /** When it happened; absent if the daemon does not report it. */
  readonly at?: Date | undefined;
}

const SUFFIX = "-container";

/**
 * Reads an event of the daemon's stream. Returns `undefined` if it is malformed or about something
 * else.
 */
export function readContainerEvent({ name, data }: ServerEvent): ContainerEvent | undefined {
  const kind = kinds.find((kind) => name === `container_${kind}`);
  if (kind === undefined) return undefined;
  try {
    const event = readObject(JSON.parse(data), "event");
    const detail = readOptionalObject(event.containerEvent, "containerEvent") ?? {};
    const container = readOptionalObject(detail.container, "container") ?? {};
    const instance = readText(event.resourceId) ?? "";
    const username = readText(container.username) ??
      (instance.endsWith(SUFFIX) ? instance.slice(0, -SUFFIX.length) : instance);
    if (!usernamePattern.test(username)) return undefined;
    return { kind, username, at: readTime(event.timestamp) };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof ContainariumError) return undefined;
    throw error;
  }
}
