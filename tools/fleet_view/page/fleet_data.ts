/** Containers as the view shows them. @module */
import { parseCpu, parseSize } from "../../../client/containers/quantities.ts";
import { formatSeconds } from "../../text/format.ts";
import { type Fields, listOf, textOf } from "./json_fields.ts";

/** A container. */
export interface ShownContainer {
  /** Owner. */
  readonly username: string;
  /** Host, if there are several. */
  readonly backend: string | undefined;
  /** State. */
  readonly state: string;
  /** IP address, if it has one. */
  readonly address: string | undefined;
  /** CPU limit in cores. */
  readonly cores: number | undefined;
  /** Memory limit, unless it is a share of the host's. */
  readonly memoryLimit: number | undefined;
  /** Disk limit. */
  readonly diskLimit: number | undefined;
  /** All facts, in display order. */
  readonly facts: readonly (readonly [string, string])[];
}

/** Returns a key that identifies a container: during a move, two hosts may have one of the same user. */
export function keyOf({ username, backend = "" }: ShownContainer): string {
  return `${username} ${backend}`;
}

/** Parses the containers in a result of list_containers. */
export function readContainers(answer: Fields): readonly ShownContainer[] {
  return listOf(answer.containers).flatMap((from) => {
    const username = textOf(from.username);
    const state = textOf(from.state);
    if (username === undefined || state === undefined) return [];
    return [{
      username,
      state,
      backend: textOf(from.backend),
      address: textOf(from.ip_address),
      cores: parseCpu(textOf(from.cpu) ?? "")?.cpus,
      memoryLimit: parseSize(textOf(from.memory) ?? ""),
      diskLimit: parseSize(textOf(from.disk) ?? ""),
      facts: Object.entries(from).flatMap(([name, value]) => factOf(name, value)),
    }];
  });
}

/** Formats a fact: `ttl_expires_at` as "ttl expires at", `deletes_in_seconds: 90` as "deletes in 1 min 30 s". */
function factOf(name: string, value: unknown): readonly (readonly [string, string])[] {
  if (name === "username") return [];
  const ofSeconds = /^(\w+)_seconds$/.exec(name)?.[1];
  if (ofSeconds !== undefined && typeof value === "number") {
    return [[ofSeconds.replaceAll("_", " "), formatSeconds(value)]];
  }
  const text = typeof value === "object" && value !== null
    ? Object.entries(value).map(([key, each]) => `${key}=${each}`).join(", ")
    : String(value);
  return [[name.replaceAll("_", " "), text]];
}
