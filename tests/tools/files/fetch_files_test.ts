/** `fetch_files`: a folder of a container on this machine. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { digestOfBytes } from "../../../client/files/digest.ts";
import { clientOf } from "../../client/connect.ts";
import { readDisk, shownTree, sourceOf } from "../../client/files/memory.ts";
import { trees } from "../../client/files/wild_trees.ts";
import { startShells } from "../../client/terminal/shell_daemon.ts";
import { fetchFiles } from "../../../tools/files/fetch_files.ts";
import { LocalTarget } from "../../../tools/files/local_target.ts";
import { syncFiles } from "../../../tools/files/sync_files.ts";
import { readLocal } from "../../../tools/files/local_source.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";
import { makeTempFolder } from "../../temp.ts";
import { testWithPty } from "../../with_pty.ts";
import { answering } from "../../answering.ts";
import { filesIn, folderStage, writeFiles } from "./folder_stage.ts";

const username = "alice";

testWithPty("fetch_files fetches what differs, and asks before it replaces files", async () => {
  await using stage = await folderStage({ capabilities: { elicitation: {} } });
  const { server, local, home } = stage;
  await writeFiles(`${home}/out`, { "a/result": "new", "same": "same", "log": "1" });
  await writeFiles(local.path, { "a/result": "old", "same": "same", "mine": "mine" });
  const asked = answering(server, false, true);
  const args = { username, remote: "~/out", local: local.path };
  assertStringIncludes((await server.call("fetch_files", args)).text, "The user declined");
  assertEquals(await filesIn(local.path), ["a/result", "mine", "same"]);
  const { structuredContent } = await server.call("fetch_files", args);
  assertEquals(structuredContent, {
    complete: true,
    transferred: 2,
    transferred_bytes: 4,
    unchanged: 1,
  });
  assertEquals(await filesIn(local.path), ["a/result", "log", "mine", "same"]);
  assertEquals(await Deno.readTextFile(`${local.path}/a/result`), "new");
  const question = `Replace 1 file in "${local.path}" on this machine by those of "~/out" in ` +
    `alice-container?\n"a/result"`;
  assertEquals(asked, [question, question]);
});

testWithPty("fetch_files writes through no link, and never into a repository", async () => {
  await using stage = await folderStage();
  await using outside = await makeTempFolder();
  const { server, local, home } = stage;
  await outside.write("a", "outside");
  await writeFiles(`${home}/out`, { "sub/a": "in", ".git/hooks/post-checkout": "x", "b": "b" });
  await Deno.symlink(outside.path, `${local.path}/sub`);
  await Deno.symlink(`${outside.path}/a`, `${local.path}/b`);
  const { structuredContent, text } = await server.call("fetch_files", {
    username,
    remote: "~/out",
    local: local.path,
  });
  assertEquals(Object(structuredContent).transferred, 0, text);
  assertEquals(await Deno.readTextFile(`${outside.path}/a`), "outside");
  assertEquals(await filesIn(outside.path), ["a"]);
});

testWithPty(
  "fetch_files refuses a file as local, and says what is not in the container",
  async () => {
    await using stage = await folderStage();
    const { server, local } = stage;
    const file = await local.write("file", "x");
    const onFile = await server.call("fetch_files", { username, remote: "~/out", local: file });
    assertStringIncludes(onFile.text, "is a file, not a folder");
    const missing = await server.call("fetch_files", {
      username,
      remote: "~/out",
      local: local.path,
    });
    assertStringIncludes(missing.text, "There is no ~/out in alice-container");
  },
);

testWithPty(
  "what fetch_files fetches and sync_files sends back is the same on the disk",
  async () => {
    await using daemon = await startShells();
    using client = await clientOf(daemon);
    const home = daemon.home("alice");
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(trees(false), async (tree) => {
        await using local = await makeTempFolder();
        const [there, back] = [`t${runs}`, `b${runs++}`];
        await client.files.sync(username, there, sourceOf(tree));
        const target = new LocalTarget(local.path);
        const fetched = await client.files.fetchFolder(username, there, target);
        await target.close();
        const place = { path: local.path, kind: "folder" } as const;
        const source = await readLocal(place, [], new AbortController().signal);
        await client.files.sync(username, back, source);
        const skipped = new Set(fetched.skipped.map(({ path }) => path));
        const whole = [...tree.keys()].every((path) =>
          ![...skipped].some((one) => path === one || path.startsWith(`${one}/`))
        );
        if (!whole) return;
        const shown = async (folder: string) =>
          shownTree(await readDisk(folder)).map((line) => line.replace(/" \d+ /, '" '));
        assertEquals(await shown(local.path), await shown(`${home}/${there}`));
        assertEquals(await shown(`${home}/${back}`), await shown(local.path));
      }),
      { numRuns: 10 },
    );
    await client.closeTerminals();
  },
);

testWithPty(
  "sync_files and fetch_files do nothing with a container that was re-created",
  async () => {
    await using daemon = await startShells();
    using client = await clientOf(daemon);
    await using local = await makeTempFolder();
    await local.write("a", "mine");
    await client.terminal(username).run("mkdir -p work; echo 1 >work/a; echo 1 >work/b");
    let day = 0;
    const recreate = () =>
      void daemon.replace({ username, createdAt: new Date(Date.UTC(2026, 0, ++day)) });
    const context = contextOf(client);
    const upload = { username, local: local.path, delete: true };
    const sent = await changedBetween(syncFiles, upload, context, recreate);
    assertEquals([sent.question === undefined, sent.refusal?.reason], [
      false,
      "changed_since_agreed",
    ]);
    await client.terminal(username).run("mkdir -p work; echo 1 >work/a");
    const download = { username, local: local.path, remote: "~/work" };
    const got = await changedBetween(fetchFiles, download, context, recreate);
    assertEquals([got.question === undefined, got.refusal?.reason], [
      false,
      "changed_since_agreed",
    ]);
    assertEquals(await Deno.readTextFile(`${local.path}/a`), "mine");
    await client.closeTerminals();
  },
);

testWithPty(
  "fetch_files writes through no link that waits where it puts files together",
  async () => {
    await using stage = await folderStage();
    await using outside = await makeTempFolder();
    const { server, local, home } = stage;
    const victim = await outside.write("authorized_keys", "mine");
    const large = "x".repeat(5 * 1024 * 1024);
    await writeFiles(`${home}/out`, { "small": "evil", "large": large });
    await Deno.mkdir(`${local.path}/.containarium-sync`);
    for (const text of ["evil", large]) {
      const hash = await digestOfBytes(new TextEncoder().encode(text));
      await Deno.symlink(victim, `${local.path}/.containarium-sync/${hash}.part`);
    }
    const args = { username, remote: "~/out", local: local.path };
    const { text } = await server.call("fetch_files", args);
    assertEquals(await Deno.readTextFile(victim), "mine", text);
    assertEquals(await filesIn(local.path), ["large", "small"]);
    assertEquals(await Deno.readTextFile(`${local.path}/small`), "evil");
  },
);

testWithPty("fetch_files that fails leaves no empty folder of its own", async () => {
  await using daemon = await startShells();
  using client = await clientOf(daemon);
  await using local = await makeTempFolder();
  await client.terminal(username).run("mkdir -p out; echo 1 >out/a; truncate -s 5M out/b");
  const args = { username, local: local.path, remote: "~/out" };
  const failing = new AbortController();
  const context = {
    ...contextOf(client),
    signal: failing.signal,
    progress: () => failing.abort(new Error("the client left")),
  };
  const fetching = () => fetchFiles.run(fetchFiles.input.parse(args), context, undefined);
  await assertRejects(fetching, Error);
  const left = await Array.fromAsync(Deno.readDir(local.path), ({ name }) => name);
  assertEquals(left, ["a"]);
  await client.closeTerminals();
});

testWithPty("fetch_files shows at most 200 characters of each path that it skipped", async () => {
  await using stage = await folderStage();
  const { server, local, home } = stage;
  const folder = `${home}/out/${`${"d".repeat(200)}/`.repeat(5)}`;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.symlink("/", `${folder}/link`);
  const args = { username, remote: "~/out", local: local.path };
  const { structuredContent } = await server.call("fetch_files", args);
  const { skipped } = fetchFiles.output.parse(structuredContent);
  assertEquals(skipped?.map(({ path }) => path.length), [201]);
});
