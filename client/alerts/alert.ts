import { readFlag, readObject, readText, readUnixSeconds, readWord } from "../wire.ts";

/** How urgent an alert is. */
export type AlertSeverity = "critical" | "warning" | "info";

/** Every {@linkcode AlertSeverity}, the most urgent first. */
export const alertSeverities: readonly AlertSeverity[] = ["critical", "warning", "info"];

/** A rule that notifies somebody. Its texts are from outside: other admins wrote them. */
export interface Alert {
  /** The daemon's id. */
  readonly id: string;
  /** Its name: `HighMemoryUsage`. */
  readonly name: string;
  /** What is watched, in PromQL: `up == 0`. */
  readonly expr: string;
  /** How long that has to last: `5m`. */
  readonly duration: string;
  /** How urgent it is. */
  readonly severity: AlertSeverity | undefined;
  /** What the notification says. */
  readonly description: string | undefined;
  /** Whether it is evaluated. */
  readonly isEnabled: boolean;
  /** Whether it comes with the daemon: it cannot be changed. */
  readonly isBuiltIn: boolean;
  /** When it was last changed. */
  readonly updatedAt: Date | undefined;
}

const bySeverity: Readonly<Record<string, AlertSeverity>> = Object.fromEntries(
  alertSeverities.map((severity) => [severity, severity]),
);

/** Reads the daemon's AlertRule message. */
export function readAlert(value: unknown, isBuiltIn = false): Alert {
  const wire = readObject(value, "rule");
  return {
    id: readText(wire.id) ?? "",
    name: readText(wire.name) ?? "",
    expr: readText(wire.expr) ?? "",
    duration: readText(wire.duration) ?? "",
    severity: readWord(wire.severity, bySeverity),
    description: readText(wire.description),
    isEnabled: readFlag(wire.enabled),
    isBuiltIn,
    updatedAt: readUnixSeconds(wire.updatedAt),
  };
}

/** Returns whether two readings are of an alert that says the same. */
export function isSameAlert(one: Alert, other: Alert): boolean {
  // Both come from the same function, so their keys have the same order.
  return JSON.stringify(one) === JSON.stringify(other);
}
