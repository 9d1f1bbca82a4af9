import { readNumber, readObject, readText } from "../wire.ts";

/** A GPU of a host. The daemon did not report what is absent. */
export interface Gpu {
  /** Its model. */
  readonly name: string;
  /** Its memory, in bytes. */
  readonly memoryBytes?: number | undefined;
  /** Its PCI address, by which a creation can ask for it; only in the system information. */
  readonly pciAddress?: string | undefined;
  /** The version of its driver; only in the system information. */
  readonly driverVersion?: string | undefined;
}

/** Reads a GPU of `GET /v1/system/info` or `GET /v1/backends`. A 0 means "not set" in protojson. */
export function readGpu(value: unknown): Gpu {
  const wire = readObject(value, "gpu");
  const memoryBytes = readNumber(wire.vramBytes);
  return {
    name: readText(wire.modelName) ?? readText(wire.model) ?? "unnamed GPU",
    memoryBytes: memoryBytes > 0 ? memoryBytes : undefined,
    pciAddress: readText(wire.pciAddress),
    driverVersion: readText(wire.driverVersion),
  };
}
