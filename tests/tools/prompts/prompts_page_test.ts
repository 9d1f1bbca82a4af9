import { assert, assertEquals } from "@std/assert";
import { runbooks } from "../../../tools/prompts/mod.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { pageAt } from "../../scripts/pages.ts";
import { getPrompt } from "./carry_out.ts";

const page = pageAt("docs/prompts.md").text;

Deno.test("docs/prompts.md has a row for each prompt, as prompts/list names it", () => {
  const rows = [...page.matchAll(/^\| `(.+?)` +\| (.+?) +\| (.+?) +\|$/gm)]
    .map(([, name, description, args]) => [name, description, args]);
  const listed = runbooks.map(({ prompt: { name, description, arguments: args } }) => [
    name,
    description,
    Object.entries(args)
      .map(([argument, { required }]) => `\`${argument}\`${required ? "" : " (optional)"}`)
      .join(", "),
  ]);
  assertEquals(rows, listed);
});

Deno.test("docs/prompts.md shows the beginning of a prompt as it is", async () => {
  await using daemon = await startDaemon({ zfs: true, containers: [{ username: "alice" }] });
  await using server = await connect(daemon);
  const [, name = "", args = "", shown = ""] =
    /^→ prompts\/get (\S+) (\{.*\})\n\n([^]*?)\n…\n```$/m.exec(page) ?? [];
  const { text } = await getPrompt(server, name, JSON.parse(args));
  assert(text.startsWith(shown), text);
});
