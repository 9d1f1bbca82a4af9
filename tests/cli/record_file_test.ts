/** The file of --audit: what it survives, and what cannot be done without it. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { RecordEntry } from "../../mod.ts";
import { commandWith, connectProcess, type ProcessSession } from "../connect.ts";
import { type Daemon, startDaemon } from "../daemon/mod.ts";
import { readRecord, storiesIn } from "../record.ts";
import { makeTempFolder } from "../temp.ts";
import { launch } from "./launch.ts";

const username = "alice";

async function read(file: string): Promise<RecordEntry[]> {
  return readRecord(await Deno.readTextFile(file));
}

function connectTo(daemon: Daemon, file: string): Promise<ProcessSession> {
  return connectProcess(daemon, { args: ["--audit", file], write: [file] });
}

Deno.test("--audit ends the start with exit code 2 if the file cannot be written", async (t) => {
  await using daemon = await startDaemon();
  await using folder = await makeTempFolder();
  const target = { url: daemon.url, token: await daemon.token() };
  const file = `${folder.path}/record.jsonl`;
  const missing = `${folder.path}/missing/record.jsonl`;
  const ends = async (path: string, write: readonly string[], words: string) => {
    const env = { CONTAINARIUM_AUDIT_FILE: path };
    await using launched = await launch(target, { env, write, initialize: false });
    await launched.server.whenStderr(words);
    assertEquals((await launched.server.exited).code, 2);
  };
  await t.step("for lack of the permission, which is named", async () => {
    const words = `CONTAINARIUM_AUDIT_FILE ${file}: this process may not write it; `;
    await ends(file, [], `${words}start it with --allow-write=${file}`);
    await ends(file, [`${file}.other`], `${words}start it with --allow-write=${file}`);
  });
  await t.step("because its folder is missing", async () => {
    await ends(missing, [missing], `CONTAINARIUM_AUDIT_FILE ${missing} cannot be opened: No such`);
    await ends(missing, [missing], "Create its folder first");
  });
});

Deno.test("--audit makes a file that only its owner reads, and a new one when it was moved", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  await using folder = await makeTempFolder();
  const file = `${folder.path}/record.jsonl`;
  await using server = await connectTo(daemon, file);
  await server.call("stop_container", { username });
  await Deno.rename(file, `${file}.1`);
  await server.call("start_container", { username });
  await server.call("get_container", { username });
  assertEquals(storiesIn(await read(`${file}.1`)), ["stop_container: begun ok"]);
  assertEquals(storiesIn(await read(file)), ["start_container: begun ok"]);
  if (Deno.build.os !== "windows") {
    assertEquals(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600);
  }
});

/** Ends a server in the middle of a deletion; returns what was recorded before and after that. */
async function recordOfDeletion(
  end: (server: ProcessSession) => unknown,
): Promise<readonly (readonly string[])[]> {
  await using daemon = await startDaemon({ containers: [{ username }] });
  await using folder = await makeTempFolder();
  const file = `${folder.path}/record.jsonl`;
  await using server = await connectTo(daemon, file);
  const hold = daemon.hold("DELETE", /^/);
  server.call("delete_container", { username }).catch(() => {});
  await hold.reached;
  const before = storiesIn(await read(file));
  await end(server);
  await server.exited;
  hold.release();
  return [before, storiesIn(await read(file))];
}

Deno.test("--audit has the beginning of a change on the disk before the daemon is asked", async () => {
  const [before, after] = await recordOfDeletion((server) => server.kill());
  assertEquals(before, ["delete_container: begun"]);
  assertEquals(after, ["delete_container: begun"]);
});

Deno.test("--audit has the end of a change whose client has gone", async () => {
  const [, [story = ""] = []] = await recordOfDeletion((server) => server.closeStdin());
  assert(/^delete_container: begun (?:cancelled|ambiguous)$/.test(story), story);
});

Deno.test("--audit takes the changes of two servers at once", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  await using folder = await makeTempFolder();
  const file = `${folder.path}/record.jsonl`;
  await using one = await connectTo(daemon, file);
  await using other = await connectTo(daemon, file);
  const calls = [one, other].flatMap((server) =>
    Array.from(
      { length: 40 },
      () => server.call("update_container", { username, labels: { team: "web" } }),
    )
  );
  for (const { isError } of await Promise.all(calls)) assertEquals(isError, false);
  const entries = await read(file);
  assertEquals(new Set(entries.map(({ conversation }) => conversation)).size, 2);
  const stories = storiesIn(entries);
  assertEquals(stories.length, 80);
  for (const story of stories) assertEquals(story, "update_container: begun ok");
});

/** The largest file that a process may write, in bytes. */
const LIMIT = 64 * 1024 * 1024;

Deno.test({
  name: "--audit on a full disk refuses changes, and goes on when there is room",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using daemon = await startDaemon({ containers: [{ username }] });
    await using folder = await makeTempFolder();
    const file = `${folder.path}/record.jsonl`;
    await Deno.writeTextFile(file, "");
    // Room for half an entry: what a full disk does to a line, a limit does as well.
    const start = LIMIT - 100;
    await Deno.truncate(file, start);
    const [program, ...args] = commandWith(daemon.url, { write: [file] });
    const limit = `trap '' XFSZ; ulimit -f ${LIMIT / 512}; exec "$@"`;
    await using server = await connectProcess(daemon, {
      command: ["sh", "-c", limit, "sh", program, ...args],
      args: ["--audit", file],
    });
    const refused = await server.call("stop_container", { username });
    assertStringIncludes(refused.text, "Nothing was done: a change has to be recorded first");
    assertStringIncludes(refused.text, `Why: --audit ${file} cannot be written: File too large`);
    assertEquals([refused.isError, refused.code], [true, "failed_precondition"]);
    assert(daemon.requests.every(({ method }) => method === "GET"), "it was done");
    assertEquals((await server.call("get_container", { username })).isError, false);
    const fragment = (await Deno.readFile(file)).slice(start);
    assertEquals(fragment.length, 100);
    await Deno.writeFile(file, fragment);
    assertEquals((await server.call("stop_container", { username })).isError, false);
    // Another server does not know of the fragment that it writes behind.
    await using other = await connectTo(daemon, file);
    await Deno.writeFile(file, fragment, { append: true });
    assertEquals((await other.call("start_container", { username })).isError, false);
    assertEquals(storiesIn(await read(file)), [
      "stop_container: begun ok",
      "start_container: begun ok",
    ]);
  },
});
