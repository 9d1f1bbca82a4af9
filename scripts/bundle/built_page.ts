import { build } from "esbuild";
import { pageOf } from "../../tools/fleet_view/page_of.ts";

const page = `${import.meta.dirname}/../../tools/fleet_view/page`;

/** The page of `tools/fleet_view/fleet_page.ts` as esbuild makes it: the same, minified. */
export async function builtPage(): Promise<string> {
  const [script, css] = await Promise.all([bundled("fleet_view.ts"), bundled("fleet.css")]);
  const html = await Deno.readTextFile(`${page}/fleet.html`);
  return pageOf(html, css, script);
}

async function bundled(name: string): Promise<string> {
  const { outputFiles: [file] } = await build({
    entryPoints: [`${page}/${name}`],
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
