/**
 * GPUs of a host in a result.
 *
 * @module
 */
import { z } from "zod";
import type { Gpu } from "../../client/mod.ts";
import { visible } from "../../client/internal.ts";
import { unlessEmpty } from "../lean.ts";
import { shown } from "../schemas.ts";
import { formatBytes } from "../text/format.ts";

const gpu = z.strictObject({
  name: z.string().describe("Model"),
  memory_bytes: z.number().optional().describe("Its memory; absent: unknown"),
  pci_address: z.string().optional().describe("PCI address, to pass in gpus"),
  driver_version: z.string().optional().describe("Version of its driver"),
});

/** GPUs in a result. */
export const gpuList = z.array(gpu).optional().describe("Its GPUs; absent: none");

type GpuAnswers = z.infer<typeof gpuList>;

/** Returns GPUs as a result has them. */
export function gpuAnswers(from: readonly Gpu[]): GpuAnswers {
  return unlessEmpty(from.map((each) => ({
    name: visible(each.name),
    memory_bytes: each.memoryBytes,
    pci_address: shown(each.pciAddress),
    driver_version: shown(each.driverVersion),
  })));
}

/** Returns GPUs in one line: `A100 80 GiB (0000:01:00.0)`. */
export function renderGpus(from: GpuAnswers): string | undefined {
  return from?.map(({ name, memory_bytes: bytes, pci_address: address }) =>
    [
      name,
      ...(bytes === undefined ? [] : [formatBytes(bytes)]),
      ...(address === undefined ? [] : [`(${address})`]),
    ].join(" ")
  ).join(", ");
}
