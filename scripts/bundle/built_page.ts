import { build } from "esbuild";
import { pageOf } from "../../tools/fleet_view/page_of.ts";

const page = new URL("../../tools/fleet_view/page/", import.meta.url);

/** `tools/fleet_view/fleet_page.ts` as esbuild makes it: the same page, minified. */
export async function builtPage(): Promise<string> {
  const [script, css] = await Promise.all([bundled("fleet_view.ts"), bundled("fleet.css")]);
  const html = await Deno.readTextFile(new URL("fleet.html", page));
  return `export const fleetPage = ${JSON.stringify(pageOf(html, css, script))};`;
}

async function bundled(name: string): Promise<string> {
  const { outputFiles: [file] } = await build({
    entryPoints: [new URL(name, page).pathname],
    bundle: true,
    minify: true,
    legalComments: "none",
    format: "esm",
    // What light-dark() needs: its browsers have the rest.
    target: ["chrome123", "firefox120", "safari17.5"],
    write: false,
  });
  return file?.text ?? "";
}
