import { readObject, readText } from "../wire.ts";

/** What came of trying a host's GPU in a container. */
export interface GpuCheck {
  /** `unknown` is what this client does not know yet. */
  readonly status: "ok" | "unavailable" | "degraded" | "unknown";
  /** The GPU's model. */
  readonly model: string | undefined;
  /** Version of its driver. */
  readonly driverVersion: string | undefined;
  /** What went wrong, in the daemon's words. */
  readonly detail: string | undefined;
}

/** Reads the daemon's answer. */
export function readGpuCheck(value: unknown): GpuCheck {
  const wire = readObject(value, "answer");
  return {
    status: readStatus(wire.status),
    model: readText(wire.gpuModel),
    driverVersion: readText(wire.driverVersion),
    detail: readText(wire.detail),
  };
}

function readStatus(value: unknown): GpuCheck["status"] {
  switch (value) {
    case "GPU_STATUS_OK":
      return "ok";
    case "GPU_STATUS_UNAVAILABLE":
      return "unavailable";
    case "GPU_STATUS_DEGRADED":
      return "degraded";
    default:
      return "unknown";
  }
}
