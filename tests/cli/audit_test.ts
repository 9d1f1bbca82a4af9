/** `mcp-server audit`: who did what, read from the record that the server itself wrote. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { within } from "../../client/async/deadline.ts";
import { shippedCommand } from "../connect.ts";
import { startDaemon } from "../daemon/mod.ts";
import { makeTempFolder, type TempFolder } from "../temp.ts";
import { assertMatch, runCli, terminal } from "./run_cli.ts";

/** Makes a record by calls of this program. */
async function makeRecord(folder: TempFolder): Promise<string> {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob" }],
  });
  const file = `${folder.path}/record.jsonl`;
  const call = async (words: readonly string[], input: string) => {
    await runCli(daemon, ["call", ...words, "--audit", file], { input, terminal });
  };
  await call(["stop_container", "username=bob"], "");
  await call(["delete_container", "username=alice"], "n\n");
  await call(["delete_container", "username=alice"], "y\n");
  await call(["resize_container", "username=nobody", "memory=1GB"], "");
  await call(["stop_containers", "usernames=bob", "usernames=carol"], "");
  return file;
}

Deno.test("audit shows a line for each call: when, outcome, tool, username, consent, client", async (t) => {
  await using folder = await makeTempFolder();
  const file = await makeRecord(folder);
  const rowsOf = async (...flags: readonly string[]) => {
    const { code, stdout, stderr } = await runCli(undefined, ["audit", file, ...flags]);
    assertEquals([code, stderr], [0, ""]);
    return stdout.split("\n").slice(1, -1).map((line) => line.split(/ {2,}/).slice(1, 4).join(" "));
  };
  const all = [
    "ok stop_container bob",
    "refused delete_container alice",
    "ok delete_container alice",
    "failed resize_container nobody",
    "failed stop_containers bob,carol",
  ];
  assertEquals(await rowsOf(), all);
  const filters: Readonly<Record<string, readonly number[]>> = {
    "--tool delete_container": [1, 2],
    "--tool delete_container,stop_container": [0, 1, 2],
    "--username alice": [1, 2],
    "--username bob": [0, 4],
    "--outcome refused,failed": [1, 3, 4],
    "--client server-call": [0, 1, 2, 3, 4],
    "--client cursor": [],
    "--conversation 0000": [],
    "--since 1h": [0, 1, 2, 3, 4],
    "--until 1h": [],
    "--since 2020-01-01 --until 2020-01-02T08:00:00Z": [],
    "--tool delete_container --outcome ok": [2],
  };
  for (const [flags, expected] of Object.entries(filters)) {
    await t.step(flags, async () => {
      assertEquals(await rowsOf(...flags.split(" ")), expected.map((at) => all[at] ?? ""));
    });
  }
  await t.step("the answer to the question, and who asked", async () => {
    const { stdout } = await runCli(undefined, ["audit", file, "--outcome", "refused"]);
    assertMatch(stdout, / declined .* mcp-server-call \d/);
  });
  await t.step("--json", async () => {
    const { stdout } = await runCli(undefined, ["audit", file, "--json", "--username", "alice"]);
    const calls = stdout.trim().split("\n").map((line) => JSON.parse(line));
    assertEquals(calls.map(({ outcome, begun }) => [outcome, begun]), [["refused", false], [
      "ok",
      true,
    ]]);
    assertEquals(calls[0].arguments.username, "alice");
  });
});

Deno.test("audit shows the name of a secret or a snapshot as no username", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using folder = await makeTempFolder();
  const file = `${folder.path}/record.jsonl`;
  const words = ["create_snapshot", "username=alice", "name=before"];
  await runCli(daemon, ["call", ...words, "--audit", file]);
  const { stdout } = await runCli(undefined, ["audit", file]);
  assertMatch(stdout, / create_snapshot +alice +no_question /);
});

Deno.test("audit reports a torn line, lines of other programs and calls without an end", async () => {
  await using folder = await makeTempFolder();
  const file = await makeRecord(folder);
  const lines = (await Deno.readTextFile(file)).trim().split("\n");
  const [first = "", second = ""] = lines;
  const hostile = JSON.stringify({ ...JSON.parse(second), call: "x", tool: "a\x1b[2Jb\u202ec" });
  // A fragment that a full disk left, and after it an entry on the same line.
  const text = [
    "hello from logrotate",
    '{"level":"info"}',
    `${first.slice(0, 40)}${hostile}`,
    first,
    second.slice(0, 50),
  ].join("\n");
  await folder.write("record.jsonl", text);
  const { code, stdout, stderr } = await runCli(undefined, ["audit", file]);
  assertEquals(code, 0);
  assertStringIncludes(stderr, "2 lines are no entries of a record, the first of them line 1\n");
  assertStringIncludes(stderr, "Line 5, the last, is torn");
  assertMatch(stdout, /unfinished +stop_container +bob/);
  // deno-lint-ignore no-control-regex
  assert(!/[\x1b\u202e]/.test(stdout), stdout);
  const json = await runCli(undefined, ["audit", file, "--json"]);
  // deno-lint-ignore no-control-regex
  assert(!/[\x1b\u202e]/.test(json.stdout), json.stdout);
});

Deno.test("audit refuses what it cannot use, and says what helps", async (t) => {
  const cases: Readonly<Record<string, readonly [readonly string[], string]>> = {
    "no file": [[], "mcp-server audit FILE"],
    "a file that is not there": [["/nonexistent/record"], "no such file"],
    "two files": [["a", "b"], "one file"],
    "a time that is none": [["a", "--since", "yesterday"], '--since "yesterday": expected a time'],
    "a flag that is none": [["a", "--usernam=x"], "did you mean --username?"],
    "an outcome that is none": [["a", "--outcome", "fail"], '--outcome "fail": '],
    "a tool that is none": [
      ["a", "--tool", "delete_contaner"],
      '--tool "delete_contaner": did you mean delete_container?',
    ],
  };
  for (const [name, [args, words]] of Object.entries(cases)) {
    await t.step(name, async () => {
      const { code, stdout, stderr } = await runCli(undefined, ["audit", ...args]);
      assertEquals([code, stdout], [2, ""]);
      assertStringIncludes(stderr, words);
    });
  }
});

Deno.test("audit refuses a file that is no record, and takes an empty one", async () => {
  await using folder = await makeTempFolder();
  const file = `${folder.path}/notes.txt`;
  for (const text of ["hello\n", '{"a": 1}\n{"b": 2}\n', "\0\x01"]) {
    await folder.write("notes.txt", text);
    const { code, stdout, stderr } = await runCli(undefined, ["audit", file]);
    assertEquals([code, stdout], [2, ""]);
    assertStringIncludes(stderr, `${file} is no record of changes`);
  }
  await folder.write("notes.txt", "");
  assertEquals((await runCli(undefined, ["audit", file])).code, 0);
});

Deno.test("audit as shipped names the flag that it needs, and with it reads the file of --audit", async () => {
  await using folder = await makeTempFolder();
  const file = await makeRecord(folder);
  const launch = async (...flags: readonly string[]) => {
    const [program, run, ...rest] = shippedCommand("http://localhost:8080");
    const { code, stdout, stderr } = await new Deno.Command(program, {
      args: [run ?? "", ...flags, ...rest, "audit"],
      env: { CONTAINARIUM_AUDIT_FILE: file },
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  };
  const refused = await launch();
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.stderr, `start it with --allow-read=${file}`);
  const { code, stdout } = await launch(`--allow-read=${file}`);
  assertEquals(code, 0);
  assertStringIncludes(stdout, "delete_container");
});

Deno.test("audit --follow goes on with what is added, until Ctrl-C", async () => {
  await using folder = await makeTempFolder();
  const file = await makeRecord(folder);
  const text = await Deno.readTextFile(file);
  const [program, run, ...rest] = shippedCommand("http://localhost:8080");
  const child = new Deno.Command(program, {
    args: [run ?? "", `--allow-read=${file}`, ...rest, "audit", file, "--follow"],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let shown = "";
  for await (const bytes of child.stdout) {
    const before = rowsIn(shown);
    shown += new TextDecoder().decode(bytes);
    if (before < 5 && rowsIn(shown) >= 5) await Deno.writeTextFile(file, text, { append: true });
    if (rowsIn(shown) >= 10) child.kill("SIGINT");
  }
  assertEquals((await child.status).code, 0);
});

Deno.test("audit --follow ends when nobody reads what it prints", async () => {
  await using folder = await makeTempFolder();
  const file = await makeRecord(folder);
  const [program, run, ...rest] = shippedCommand("http://localhost:8080");
  const child = new Deno.Command(program, {
    args: [run ?? "", `--allow-read=${file}`, ...rest, "audit", file, "--follow"],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  const isOver = within(child.status, 60_000);
  await Deno.writeTextFile(file, await Deno.readTextFile(file), { append: true });
  if (!await isOver) child.kill("SIGKILL");
  assertEquals(await child.status, { success: true, code: 0, signal: null });
});

function rowsIn(text: string): number {
  return Math.max(0, text.split("\n").length - 2);
}
