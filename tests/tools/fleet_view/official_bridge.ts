import { build } from "esbuild";
import { resolution } from "../../../scripts/bundle/resolution.ts";
import { readGraph } from "../../../scripts/bundle/graph.ts";
import { importFlags } from "../../connect.ts";
import { makeTempFolder } from "../../temp.ts";

/** The official host's half of MCP Apps, as a module for the test host's page. */
export async function bundleBridge(): Promise<string> {
  await using links = await makeTempFolder();
  const entry = `${import.meta.dirname}/app_bridge.ts`;
  const { outputFiles: [file] } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["browser", "import"],
    plugins: [resolution(await readGraph(entry, importFlags), links.path)],
  });
  return file?.text ?? "";
}
