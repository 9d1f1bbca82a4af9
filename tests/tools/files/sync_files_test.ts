/** `sync_files`: a folder of this machine in a container. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connectProcess } from "../../connect.ts";
import { startShells } from "../../client/terminal/shell_daemon.ts";
import { makeTempFolder } from "../../temp.ts";
import { testWithPty } from "../../with_pty.ts";
import { answering } from "../../answering.ts";
import { filesIn, folderStage, writeFiles } from "./folder_stage.ts";

const username = "alice";

testWithPty(
  "sync_files sends a project without what git ignores, and runs a command there",
  async () => {
    await using stage = await folderStage();
    const { server, local, home } = stage;
    await writeFiles(local.path, {
      "src/main.ts": "main",
      "src/keep.log": "kept by the inner rules",
      "src/.gitignore": "!keep.log\n",
      ".gitignore": "node_modules/\n*.log\n/dist\n",
      "node_modules/x/index.js": "x",
      "dist/app.js": "x",
      "debug.log": "x",
      ".git/config": "x",
      ".env": "SECRET=1",
    });
    const args = {
      username,
      local: local.path,
      exclude: [".env"],
      then: "pwd; ls; echo oops >&2; exit 3",
    };
    const { text, structuredContent, isError } = await server.call("sync_files", args);
    assertEquals(isError, false);
    assertEquals(await filesIn(`${home}/work`), [
      ".gitignore",
      "src/.gitignore",
      "src/keep.log",
      "src/main.ts",
    ]);
    assertEquals(Object.keys(Object(structuredContent)).includes("then"), true);
    assert(/sent 4 files \(.*\) to ~\/work, 0 unchanged/.test(text), text);
    assertStringIncludes(text, "then: exit 3");
    assertStringIncludes(text, `${home}/work`);
    assertStringIncludes(text, "<<<stderr");
    const { structuredContent: again } = await server.call("sync_files", {
      username,
      local: local.path,
      exclude: [".env"],
    });
    assertEquals(again, {
      complete: true,
      transferred: 0,
      transferred_bytes: 0,
      unchanged: 4,
      remote: "~/work",
    });
  },
);

testWithPty("sync_files sends one file", async () => {
  await using stage = await folderStage();
  const { server, local, home } = stage;
  await writeFiles(local.path, { "one.txt": "1", "two.txt": "2" });
  await server.call("sync_files", { username, local: `${local.path}/one.txt`, remote: "in" });
  assertEquals(await filesIn(`${home}/in`), ["one.txt"]);
});

testWithPty("sync_files refuses delete with one file, which would empty the folder", async () => {
  await using stage = await folderStage();
  const { server, local, home } = stage;
  await writeFiles(local.path, { "one.txt": "1" });
  await writeFiles(`${home}/in`, { "mine.txt": "m" });
  const { isError, text } = await server.call("sync_files", {
    username,
    local: `${local.path}/one.txt`,
    remote: "in",
    delete: true,
  });
  assertEquals(isError, true);
  assertStringIncludes(text, "is one file: delete would remove everything else in remote");
  assertEquals(await filesIn(`${home}/in`), ["mine.txt"]);
});

testWithPty(
  "sync_files overwrites a file that is newer in the container, as rsync does",
  async () => {
    await using stage = await folderStage();
    const { server, local, home } = stage;
    await writeFiles(local.path, { "a": "here" });
    await Deno.utime(`${local.path}/a`, 1, 1);
    await writeFiles(`${home}/work`, { "a": "there" });
    await server.call("sync_files", { username, local: local.path });
    assertEquals(await Deno.readTextFile(`${home}/work/a`), "here");
  },
);

testWithPty(
  "sync_files does not follow links out of the folder, and says what it skipped",
  async () => {
    await using stage = await folderStage();
    const { server, local, home } = stage;
    await using outside = await makeTempFolder();
    await outside.write("secret", "secret");
    await writeFiles(local.path, { "a": "1" });
    await Deno.symlink(`${outside.path}/secret`, `${local.path}/absolute`);
    await Deno.symlink("../../etc/passwd", `${local.path}/relative`);
    await Deno.symlink(outside.path, `${local.path}/folder`);
    await Deno.symlink("a", `${local.path}/inside`);
    const mkfifo = new Deno.Command("mkfifo", { args: [`${local.path}/pipe`] });
    await mkfifo.output();
    const { text } = await server.call("sync_files", { username, local: local.path });
    assertEquals(await filesIn(`${home}/work`), ["a", "inside"]);
    assertEquals(await Deno.readLink(`${home}/work/inside`), "a");
    assertStringIncludes(text, "Skipped 4:");
    assertStringIncludes(text, "- pipe: it is a pipe");
    assertStringIncludes(text, "- absolute: the link leads out of the folder");
  },
);

testWithPty(
  "sync_files with delete asks for each file by name, and removes just those",
  async () => {
    await using stage = await folderStage({ capabilities: { elicitation: {} } });
    const { server, local, home } = stage;
    await writeFiles(local.path, { "a": "1", ".gitignore": "node_modules\n" });
    await writeFiles(`${home}/work`, { "old": "1", "node_modules/x": "1" });
    const asked = answering(server, false, true);
    const args = { username, local: local.path, delete: true };
    assertStringIncludes((await server.call("sync_files", args)).text, "The user declined");
    assertEquals(await filesIn(`${home}/work`), ["node_modules/x", "old"]);
    const { structuredContent } = await server.call("sync_files", args);
    assertEquals(Object(structuredContent).removed, ["old"]);
    assertEquals(await filesIn(`${home}/work`), [".gitignore", "a", "node_modules/x"]);
    const question =
      `Remove from "~/work" in alice-container 1 file that "${local.path}" has not?\n"old"`;
    assertEquals(asked, [question, question]);
    await server.call("sync_files", args);
    assertEquals(asked.length, 2);
  },
);

testWithPty(
  "sync_files asks for its command where each call is asked for, and not otherwise",
  async () => {
    for (const mode of ["auto", "always"]) {
      await using stage = await folderStage({
        capabilities: { elicitation: {} },
        env: { CONTAINARIUM_CONSENT: mode },
      });
      const { server, local } = stage;
      await writeFiles(local.path, { "a": "1" });
      const asked = answering(server, false);
      const { text } = await server.call("sync_files", { username, local: local.path, then: "ls" });
      assertEquals(asked.length, mode === "always" ? 1 : 0);
      assertStringIncludes(text, mode === "always" ? "The user declined" : "then: exit 0");
    }
  },
);

testWithPty(
  "sync_files refuses paths that are not absolute, missing, or of another form",
  async () => {
    await using stage = await folderStage();
    const { server, local } = stage;
    const refused = async (args: Record<string, unknown>, words: string) => {
      const { text, isError } = await server.call("sync_files", {
        username,
        local: local.path,
        ...args,
      });
      assertEquals(isError, true);
      assertStringIncludes(text, words);
    };
    await refused({ local: "project" }, "is not an absolute path");
    await refused({ local: `${local.path}/../x` }, "is not an absolute path");
    await refused({ local: `${local.path}/none` }, "There is no");
    await refused({ remote: "../x" }, "expected a folder without ..");
    await refused({ username: "alise", then: "ls" }, "There is no container for alise");
  },
);

testWithPty(
  "sync_files names the flag without which it may not read, and needs no other",
  async () => {
    await using local = await makeTempFolder();
    await using outside = await makeTempFolder();
    await writeFiles(local.path, { "sub/a": "1" });
    await outside.write("secret", "x");
    await Deno.symlink(outside.path, `${local.path}/link`);
    await using daemon = await startShells();
    const args = ["--toolsets", "files"];
    {
      await using server = await connectProcess(daemon, { args });
      const { text, isError } = await server.call("sync_files", { username, local: local.path });
      assertEquals(isError, true);
      assertStringIncludes(text, `start this server with --allow-read=${local.path}`);
      const fetched = await server.call("fetch_files", {
        username,
        local: local.path,
        remote: "x",
      });
      const both = `--allow-read=${local.path} --allow-write=${local.path}`;
      assertStringIncludes(fetched.text, `start this server with ${both}`);
    }
    await using server = await connectProcess(daemon, {
      args,
      read: [local.path],
      write: [local.path],
    });
    const { text } = await server.call("sync_files", { username, local: local.path });
    assertStringIncludes(text, "sent 1 file (");
    const linked = await server.call("sync_files", { username, local: `${local.path}/link` });
    assertStringIncludes(linked.text, `--allow-read=${outside.path}`);
    const above = local.path.slice(0, local.path.lastIndexOf("/"));
    const wider = await server.call("sync_files", { username, local: above });
    assertStringIncludes(wider.text, `--allow-read=${above}`);
    await writeFiles(`${daemon.home("alice")}/out`, { "result/big": "1" });
    const fetched = await server.call("fetch_files", {
      username,
      local: `${local.path}/new`,
      remote: "out",
    });
    assertStringIncludes(fetched.text, "fetched 1 file (");
    assertEquals(await filesIn(`${local.path}/new`), ["result/big"]);
  },
);

testWithPty(
  "sync_files sends no file that was granted for the server's own use, such as its token",
  async () => {
    await using folder = await makeTempFolder();
    await using daemon = await startShells();
    const file = await folder.write("token", await daemon.token(), { mode: 0o600 });
    const args = ["--toolsets", "files"];
    const env = { CONTAINARIUM_JWT_TOKEN: "", CONTAINARIUM_JWT_TOKEN_FILE: file };
    await using server = await connectProcess(daemon, { args, env, read: [file] });
    const { text, isError } = await server.call("sync_files", { username, local: file });
    assertEquals(isError, true, text);
    assertStringIncludes(text, `start this server with --allow-read=${folder.path}`);
    assertEquals(daemon.requests.some(({ path }) => path.includes("terminal")), false);
  },
);

testWithPty(
  "sync_files with delete leaves what it could not look into, or did not send, on this machine",
  async () => {
    await using stage = await folderStage({ capabilities: { elicitation: {} } });
    const { server, local, home } = stage;
    await writeFiles(local.path, { "a": "1" });
    await Deno.symlink("/srv/data", `${local.path}/data`);
    await new Deno.Command("mkfifo", { args: [`${local.path}/pipe`] }).output();
    await writeFiles(`${home}/work`, { "data/table": "1", "pipe": "1", "old": "1" });
    const asked = answering(server, true);
    const args = { username, local: local.path, delete: true };
    const { structuredContent } = await server.call("sync_files", args);
    assertEquals(Object(structuredContent).removed, ["old"]);
    assertEquals(asked.length, 1);
    assertEquals(await filesIn(`${home}/work`), ["a", "data/table", "pipe"]);
  },
);

testWithPty(
  "sync_files refuses a .gitignore that it does not read, rather than send all",
  async () => {
    await using stage = await folderStage();
    const { server, local } = stage;
    await writeFiles(local.path, {
      "key.pem": "x",
      ".gitignore": `*.pem\n${"#\n".repeat(200_000)}`,
    });
    const { text, isError } = await server.call("sync_files", { username, local: local.path });
    assertEquals(isError, true);
    assertStringIncludes(text, ".gitignore is over 256 KiB");
  },
);
