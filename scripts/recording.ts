/**
 * `make recording`: writes docs/session.svg and docs/top.svg, what a terminal showed. A picture that shows the
 * same is left as it is. Needs `script`, bash, and Rich, which `make` installs.
 *
 * @module
 */
import { assert } from "@std/assert";
import { recordSession, SESSION_COLS } from "./recording/session.ts";
import { recordTop, TOP_COLS } from "./recording/top.ts";
import { comparableScreen, screenIn } from "./recording/screen_in.ts";

const root = new URL("..", import.meta.url);

interface Shown {
  readonly title: string;
  readonly cols: number;
  readonly text: string;
}

await writePicture("docs/session.svg", {
  title: "mcp-server, with a simulated daemon",
  cols: SESSION_COLS,
  text: await recordSession(),
});
await writePicture("docs/top.svg", {
  title: "mcp-server top, with a simulated daemon",
  cols: TOP_COLS,
  text: await recordTop(),
});

/** With the old text where that says the same, so that only other words or another look change a picture. */
async function writePicture(path: string, shown: Shown): Promise<void> {
  const file = new URL(path, root);
  const old = screenIn(await readIfThere(file));
  const text = comparableScreen(old) === comparableScreen(shown.text) ? old : shown.text;
  await Deno.writeTextFile(file, await render({ ...shown, text }));
}

async function readIfThere(file: URL): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

async function render(shown: Shown): Promise<string> {
  const child = new Deno.Command(new URL(".deno/venv/bin/python3", root).pathname, {
    args: ["scripts/recording/terminal_svg.py"],
    cwd: root,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const [output] = await Promise.all([
    child.output(),
    new Blob([JSON.stringify(shown)]).stream().pipeTo(child.stdin),
  ]);
  assert(output.success);
  return new TextDecoder().decode(output.stdout);
}
