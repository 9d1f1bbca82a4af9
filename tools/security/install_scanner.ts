import { z } from "zod";
import { installableScanners } from "../../client/internal.ts";
import { defineTool } from "../tool.ts";

/** Less than clients wait for a call. */
const WAIT_MS = 25_000;

/** Installs a scanner; `POST /v1/pentest/tools/install`, `POST /v1/zap/install`. */
export const installScanner = defineTool({
  name: "install_scanner",
  title: "Install scanner",
  description: "Set up a security scanner (trivy, nuclei, zap) on the host.",
  effect: "write",
  idempotent: true,
  scopes: ["security:read", "security:write"],
  role: "admin",
  input: z.strictObject({
    scanner: z.enum(installableScanners).describe("Which"),
  }),
  output: z.strictObject({
    scanner: z.enum(installableScanners).describe("The scanner"),
    installed: z.boolean().describe("False: in progress; call again to keep waiting"),
  }),

  run: async ({ scanner }, { client, signal, progress }) => {
    progress(1, 2, `Installing ${scanner}`);
    return {
      scanner,
      installed: await client.security.install(scanner, { signal, waitMs: WAIT_MS }),
    };
  },

  render: ({ scanner, installed }) =>
    installed
      ? `Installed ${scanner}. Next: scan_container.`
      : `Still installing ${scanner}. Next: repeat this call to keep waiting; it reports a failure, too`,
});
