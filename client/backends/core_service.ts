import { readObject, readText } from "../wire.ts";

/** A container of the daemon's own, which no list of containers has: metrics, alerts, scans. */
export interface CoreService {
  /** Name of the instance: `containarium-core-victoriametrics`. */
  readonly name: string;
  /** What it does: `core-victoriametrics`. */
  readonly role?: string | undefined;
  /** Its state in Incus's words, in lower case: `running`. */
  readonly state: string;
  /** Its IPv4 address, while it has one. */
  readonly ipAddress?: string | undefined;
}

/** Reads a row of `GET /v1/system/core-services`. */
export function readCoreService(value: unknown): CoreService {
  const wire = readObject(value, "service");
  return {
    name: readText(wire.name) ?? "",
    role: readText(wire.role),
    state: readText(wire.state)?.toLowerCase() ?? "unknown",
    ipAddress: readText(wire.ipAddress),
  };
}
