/** Folders that are sent to a container: real shells, real tar. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import type { Daemon, ShellOptions } from "../../daemon/mod.ts";
import { testWithPty } from "../../with_pty.ts";
import { clientOf } from "../connect.ts";
import { startShells } from "../terminal/shell_daemon.ts";
import { file, type Node, readDisk, shownTree, sourceOf, type Tree } from "./memory.ts";

async function withBox(
  test: (
    box: {
      readonly daemon: Daemon;
      readonly client: Awaited<ReturnType<typeof clientOf>>;
      readonly home: string;
    },
  ) => Promise<void>,
  shell: ShellOptions = {},
): Promise<void> {
  await using daemon = await startShells(shell);
  using client = await clientOf(daemon);
  await test({ daemon, client, home: daemon.home("alice") });
  await client.closeTerminals();
}

const wild: Tree = new Map<string, Node>([
  ["plain.txt", file("plain")],
  ["src/deep/er/main.ts", file("main\n", 0o755)],
  ["empty", file("")],
  ["no one is here", { kind: "folder" }],
  ["-rf", file("dash")],
  ["--help/-x", file("dash folder")],
  ["line\nend/a\nb", file("newline")],
  ["quo'te\"s `$(x)` \\ *?[]", file("quotes")],
  ["ünï/cödé €", file("unicode", 0o600)],
  [`long/${"n".repeat(240)}`, file("long")],
  ["read only", file("r", 0o444)],
  ["bell\x07\x1b[2J\r", file("controls")],
  ["to plain", { kind: "link", target: "plain.txt" }],
  ["src/up\nlink", { kind: "link", target: "../plain.txt" }],
  ["~", file("tilde")],
  ["$HOME", file("home")],
]);

for (const login of ["bash", "dash", "ash"] as const) {
  testWithPty(`files.sync() sends whatever names and modes there are, in ${login}`, async () => {
    await withBox(async ({ client, home }) => {
      const first = await client.files.sync("alice", "~/it's here", sourceOf(wild));
      assertEquals(first.skipped, []);
      assert(first.complete);
      assertEquals(shownTree(await readDisk(`${home}/it's here`)), shownTree(wild));
      const second = await client.files.sync("alice", "~/it's here", sourceOf(wild));
      assertEquals([second.transferred, second.transferredBytes, second.modesChanged], [0, 0, 0]);
      assertEquals(second.unchanged, 15);
    }, { login });
  }, login === "ash" ? ["busybox"] : [login]);
}

testWithPty("files.sync() works with the tools of busybox alone", async () => {
  const own = ["bash", "tar", "sha256sum", "stat", "find", "xargs", "mv", "dd", "readlink", "gzip"];
  await withBox(async ({ client, home }) => {
    const bin = `${home}/../bin`;
    for (const name of own.slice(1)) await Deno.symlink("/bin/busybox", `${bin}/${name}`);
    await client.files.sync("alice", "~/work", sourceOf(wild));
    assertEquals(shownTree(await readDisk(`${home}/work`)), shownTree(wild));
    const { transferred, unchanged } = await client.files.sync("alice", "work/", sourceOf(wild));
    assertEquals([transferred, unchanged], [0, 15]);
  }, { missing: own, login: "ash" });
}, ["busybox"]);

testWithPty("files.sync() sends only what differs in size, content, mode or target", async () => {
  await withBox(async ({ client, home }) => {
    const tree: Tree = new Map([
      ["same", file("same")],
      ["size", file("longer now")],
      ["content", file("new")],
      ["mode", file("#!/bin/sh", 0o755)],
      ["link", { kind: "link", target: "same" }],
    ]);
    const before: Tree = new Map([
      ["same", file("same")],
      ["size", file("short")],
      ["content", file("old")],
      ["mode", file("#!/bin/sh", 0o644)],
      ["link", { kind: "link", target: "size" }],
      ["extra", file("stays")],
    ]);
    await client.files.sync("alice", "~/work", sourceOf(before));
    const result = await client.files.sync("alice", "~/work", sourceOf(tree));
    assertEquals([result.transferred, result.modesChanged, result.removed], [3, 1, []]);
    const extra = before.get("extra");
    assert(extra !== undefined);
    assertEquals(
      shownTree(await readDisk(`${home}/work`)),
      shownTree(new Map([...tree, ["extra", extra]])),
    );
  });
});

testWithPty("files.sync() with delete removes what is not in the source, and no more", async () => {
  await withBox(async ({ client, home }) => {
    await client.terminal("alice").run(
      `mkdir -p work/gone/deep work/node_modules/x outside && cd work &&
       echo 1 >gone/deep/a; echo 1 >gone/b; echo 1 >node_modules/x/y; echo 1 >'odd
name'; mkfifo pipe; ln -s ../outside away; ln -s nowhere broken; echo 1 >../outside/o; echo 1 >late`,
    );
    const tree: Tree = new Map([["kept", file("k")]]);
    const source = sourceOf(tree, {
      isExcluded: (path) => path === "node_modules",
    });
    const agreed = await client.files.findRemovals("alice", "~/work", source);
    assertEquals(
      agreed.map(({ path }) => path).toSorted(),
      ["away", "broken", "gone/b", "gone/deep/a", "late", "odd\nname"],
    );
    await client.terminal("alice").run("cd work && echo 2 >new; echo more >>late");
    const options = { delete: true, agreed };
    const { removed, skipped } = await client.files.sync("alice", "~/work", source, options);
    assertEquals(removed.length, 5);
    assertEquals(skipped.map(({ path }) => path), ["late", "new"]);
    assertEquals([...(await readDisk(`${home}/work`)).keys()].toSorted(), [
      "kept",
      "late",
      "new",
      "node_modules",
      "node_modules/x",
      "node_modules/x/y",
    ]);
    assertEquals(await Deno.readTextFile(`${home}/outside/o`), "1\n");
  });
});

testWithPty("files.sync() leaves what is of another kind, and does not follow links", async () => {
  await withBox(async ({ client, home }) => {
    await client.terminal("alice").run(
      "mkdir -p work/file outside && cd work && echo 1 >folder && ln -s ../outside linked",
    );
    const tree: Tree = new Map([
      ["file", file("f")],
      ["folder/in", file("i")],
      ["linked/in", file("l")],
      ["fine", file("f")],
    ]);
    const { skipped, transferred } = await client.files.sync("alice", "~/work", sourceOf(tree));
    assertEquals(transferred, 1);
    assertEquals(skipped.map(({ path }) => path), [
      "file",
      "folder",
      "folder/in",
      "linked",
      "linked/in",
    ]);
    assertEquals([...(await readDisk(`${home}/outside`)).keys()], []);
    const again = await client.files.sync("alice", "~/work", sourceOf(tree), { delete: true });
    assertEquals([again.skipped, again.removed.toSorted()], [[], ["folder", "linked"]]);
    assertEquals(shownTree(await readDisk(`${home}/work`)), shownTree(tree));
    assertEquals([...(await readDisk(`${home}/outside`)).keys()], []);
  });
});

testWithPty("files.sync() sends a large file in pieces and goes on after the last", async () => {
  await withBox(async ({ client, home }) => {
    const bytes = new Uint8Array(11_000_000);
    for (let at = 0; at < bytes.length; at += 65_536) {
      crypto.getRandomValues(bytes.subarray(at, Math.min(bytes.length, at + 65_536)));
    }
    const tree: Tree = new Map([["big", { kind: "file", bytes, mode: 0o755 }]]);
    const first = await client.files.sync("alice", "~/work", sourceOf(tree), { stopAfterMs: 0 });
    assertEquals([first.complete, first.transferred], [false, 0]);
    const second = await client.files.sync("alice", "~/work", sourceOf(tree));
    assertEquals([second.complete, second.transferred], [true, 1]);
    assertEquals(first.transferredBytes + second.transferredBytes, bytes.length);
    const arrived = (await readDisk(`${home}/work`)).get("big");
    assert(arrived?.kind === "file");
    assertEquals([arrived.bytes.length, arrived.mode], [bytes.length, 0o755]);
    assert(arrived.bytes.every((byte, at) => byte === bytes[at]));
    assertEquals([...(await readDisk(`${home}/work`)).keys()], ["big"]);
  });
});

testWithPty(
  "files.sync() refuses too much, bad folders, and paths that leave the source",
  async () => {
    await withBox(async ({ client }) => {
      const many: Tree = new Map(Array.from({ length: 10_001 }, (_, at) => [`f${at}`, file("")]));
      const refuse = async (remote: string, tree: Tree, code: string) => {
        const error = await assertRejects(
          () => client.files.sync("alice", remote, sourceOf(tree)),
          ContainariumError,
        );
        assertEquals(error.code, code, error.message);
      };
      await refuse("~/work", many, "resource_exhausted");
      await refuse("~/../root", new Map(), "invalid_argument");
      await refuse("~bob", new Map(), "invalid_argument");
      await refuse("a\nb", new Map(), "invalid_argument");
      await refuse("/proc/version", new Map([["a", file("")]]), "failed_precondition");
      const out: Tree = new Map([
        ["../a", file("")],
        ["/etc/a", file("")],
        ["a//b", file("")],
        ["away", { kind: "link", target: "../../etc/passwd" }],
        ["root", { kind: "link", target: "/etc/passwd" }],
        ["sub/ok", { kind: "link", target: "../in" }],
        ["in", file("1")],
        ["in/side", file("2")],
      ]);
      const { skipped, transferred } = await client.files.sync("alice", "~/work", sourceOf(out));
      assertEquals(skipped.length, 6, JSON.stringify(skipped));
      assertEquals(transferred, 2);
    });
  },
);

testWithPty("files.sync() says which program is missing", async () => {
  await withBox(async ({ client }) => {
    const error = await assertRejects(
      () => client.files.sync("alice", "~/work", sourceOf(wild)),
      ContainariumError,
    );
    assertEquals([error.code, error.reason], ["unsupported", "tool_missing"]);
    assert(error.message.includes("has no tar"), error.message);
  }, { missing: ["tar"] });
});

testWithPty(
  "files.sync() skips a file that cannot be read, whether it is there already or not",
  async () => {
    await withBox(async ({ client, home }) => {
      const tree: Tree = new Map([["a", file("1")], ["b", file("2")]]);
      await client.files.sync("alice", "work", sourceOf(tree));
      const { open, ...source } = sourceOf(new Map([...tree, ["c", file("3")]]));
      const unreadable = {
        ...source,
        open: (path: string) =>
          path === "b" ? open(path) : Promise.reject(new Deno.errors.PermissionDenied(path)),
      };
      const { skipped, unchanged } = await client.files.sync("alice", "work", unreadable);
      assertEquals([skipped.map(({ path }) => path), unchanged], [["a", "c"], 1]);
      assertEquals(await Deno.readTextFile(`${home}/work/a`), "1");
    });
  },
);

testWithPty(
  "files.sync() skips a large file that changes while it is read, and sends the rest",
  async () => {
    await withBox(async ({ client, home }) => {
      const size = 5 * 1024 * 1024;
      const tree: Tree = new Map([["log", file("x".repeat(size))], [
        "log2",
        file("y".repeat(size)),
      ]]);
      const { open, ...source } = sourceOf(tree);
      let opened = 0;
      const changing = {
        ...source,
        open: (path: string) =>
          path === "log"
            ? Promise.resolve(new Blob([`${opened++}`, "x".repeat(size)]).stream())
            : open(path),
      };
      const { skipped, transferred, complete } = await client.files.sync("alice", "work", changing);
      assertEquals([skipped.map(({ path }) => path), transferred, complete], [["log"], 1, true]);
      const left = await Array.fromAsync(Deno.readDir(`${home}/work`), ({ name }) => name);
      assertEquals(left, ["log2"]);
    });
  },
);
