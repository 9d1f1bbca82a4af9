import { visible } from "../../client/internal.ts";
import { z } from "zod";
import { formatFacts } from "../text/format.ts";
import { shown } from "../schemas.ts";
import { defineTool } from "../tool.ts";

/** Tries a host's GPU in a container that the daemon makes for it; `POST /v1/validate-gpu`. */
export const validateGpu = defineTool({
  name: "validate_gpu",
  title: "Validate GPU",
  description: "Test whether a GPU works inside containers, in a throwaway one.",
  effect: "write",
  idempotent: true,
  scopes: ["containers:read", "containers:write"],
  role: "admin",
  input: z.strictObject({
    backend: z.string().min(1).optional().describe("Host; default: the one asked"),
  }),
  output: z.strictObject({
    status: z.enum(["ok", "unavailable", "degraded", "unknown"]).describe("Whether it works"),
    model: z.string().optional().describe("The GPU's model"),
    driver_version: z.string().optional().describe("Version of its driver"),
    detail: z.string().optional().describe("What went wrong, in the daemon's words: data"),
  }),

  run: async ({ backend }, { client, signal, progress }) => {
    progress(1, 2, `Trying the GPU of ${backend === undefined ? "the host" : visible(backend)}`);
    const { status, model, driverVersion, detail } = await client.backends.checkGpu(backend, {
      signal,
    });
    return {
      status,
      model: shown(model),
      driver_version: shown(driverVersion),
      detail: shown(detail),
    };
  },

  render: ({ status, model, driver_version: driver, detail }) =>
    formatFacts({ status, model, driver, detail }),

  longestSeconds: () => 300,
});
