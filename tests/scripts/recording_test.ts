/** The pictures of the documentation, and what `make recording` draws. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { comparableScreen, screenIn } from "../../scripts/recording/screen_in.ts";
import { recordSession } from "../../scripts/recording/session.ts";
import { needing } from "../needs.ts";
import { testWithPty } from "../with_pty.ts";
import { pageAt, pages } from "./pages.ts";

const MAX_SVG_BYTES = 60_000;
const recordings = ["docs/session.svg", "docs/top.svg"];

const textAt = (path: string) => Deno.readTextFile(new URL(`../../${path}`, import.meta.url));

Deno.test("every picture of the documentation says in words what it shows", () => {
  const pictures = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)].map(([, alt = "", file = ""]) => {
      assert(alt.split(/\s+/).length >= 5, `${path}: ${file} is described as "${alt}"`);
      return `${path}: ${file}`;
    })
  );
  assertEquals(pages.filter(({ text }) => /<img\b/.test(text)), [], "of these no alt text is read");
  for (
    const wanted of [
      "README.md: docs/session.svg",
      "README.md: docs/fleet.png",
      "docs/commands.md: top.svg",
      "docs/fleet.md: fleet.png",
    ]
  ) assert(pictures.includes(wanted), wanted);
});

Deno.test("the README has the recording on top, before its first section", () => {
  const [top = ""] = pageAt("README.md").text.split("\n## ");
  assertStringIncludes(top, "](docs/session.svg)");
});

Deno.test("recordings are small, and load and run nothing", async () => {
  for (const path of recordings) {
    const svg = await textAt(path);
    assert(new TextEncoder().encode(svg).length < MAX_SVG_BYTES, `${path} is large`);
    const withoutText = svg.replace(/<desc>[^<]*<\/desc>/, "")
      .replaceAll(/(<text [^>]*>)[^<]*/g, "$1");
    const elements = new Set([...withoutText.matchAll(/<([^\s/!>]+)/g)].map(([, name]) => name));
    const drawing = ["svg", "title", "desc", "style", "defs", "clipPath", "rect", "g", "text"];
    const others = [...elements].filter((name) => ![...drawing, "circle"].includes(name ?? ""));
    assertEquals(others, [], path);
    const [namespace] = /xmlns="[^"]*"/.exec(withoutText) ?? [""];
    const rest = withoutText.replace(namespace, "");
    for (const outside of [/\bhref\b/, /\bon\w+=/, /@import|@font-face/, /:\/\//, /url\((?!#)/]) {
      assert(!outside.test(rest), `${path} has ${outside}`);
    }
    assert(/<title>[^<]+<\/title>/.test(svg) && screenIn(svg) !== "", `${path} has no words`);
  }
});

Deno.test({
  ...needing(["python3"], "recordings are well-formed XML"),
  fn: async () => {
    const parse =
      "import sys; from xml.dom.minidom import parse; [parse(path) for path in sys.argv[1:]]";
    const { code, stderr } = await new Deno.Command("python3", {
      args: ["-c", parse, ...recordings],
      cwd: new URL("../..", import.meta.url),
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
  },
});

testWithPty("docs/session.svg shows what the commands print; make recording draws it", async () => {
  assertEquals(
    comparableScreen(screenIn(await textAt("docs/session.svg"))),
    comparableScreen(await recordSession()),
  );
});

Deno.test("docs/top.svg has every column, and bars and lines", async () => {
  const screen = screenIn(await textAt("docs/top.svg"));
  assert(/^username +cpu +memory +disk +network\/s$/m.test(screen), screen);
  const blocks = "[\u2581-\u2593]";
  const row = new RegExp(`^alice +\\d+% +${blocks}+ +.*B +${blocks}{8} +.*B +${blocks}+$`, "m");
  assert(row.test(screen), screen);
});
