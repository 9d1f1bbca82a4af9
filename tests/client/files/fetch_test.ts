/** Folders that are fetched from a container, which may be hostile. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { testWithPty } from "../../with_pty.ts";
import { clientOf } from "../connect.ts";
import { startShells } from "../terminal/shell_daemon.ts";
import { file, MemoryTarget, shownTree, type Tree } from "./memory.ts";

testWithPty("files.fetchFolder() fetches what differs, and says what it left out", async () => {
  await using daemon = await startShells();
  using client = await clientOf(daemon);
  await client.terminal("alice").run(
    `umask 022; mkdir -p out/sub/.git out/empty && cd out && echo 1 >a && echo 2 >'sub/b
c' && printf x >same && echo x >sub/.git/hook && ln -s /etc/passwd link && mkfifo pipe &&
     printf y >"$(printf 'bad\\377')" && chmod 6755 a && printf z >secret && chmod 0 secret`,
  );
  const target = new MemoryTarget(new Map([["same", file("x")], ["mine", file("m")]]));
  const { transferred, unchanged, skipped } = await client.files.fetchFolder(
    "alice",
    "~/out",
    target,
  );
  assertEquals([transferred, unchanged], [skipped.length === 4 ? 2 : 3, 1]);
  const unread = skipped.map(({ path }) => path).filter((path) => path !== "secret");
  assertEquals(unread, ["bad\ufffd", "link", "pipe"]);
  const wanted: Tree = new Map([
    ["a", file("1\n", 0o755)],
    ["empty", { kind: "folder" }],
    ["mine", file("m")],
    ["same", file("x")],
    ["sub/b\nc", file("2\n")],
  ]);
  target.tree.delete("secret");
  assertEquals(shownTree(target.tree), shownTree(wanted));
  await client.closeTerminals();
});

testWithPty("files.fetchFolder() fetches one file", async () => {
  await using daemon = await startShells();
  using client = await clientOf(daemon);
  await client.terminal("alice").run("echo 1 >one; echo 2 >two");
  for (const remote of ["one", "~/one", `${daemon.home("alice")}/one`]) {
    const target = new MemoryTarget();
    await client.files.fetchFolder("alice", remote, target);
    assertEquals([...target.tree.keys()], ["one"]);
  }
  const error = await assertRejects(
    () => client.files.fetchFolder("alice", "~/three", new MemoryTarget()),
    ContainariumError,
  );
  assertEquals([error.code, error.reason], ["not_found", "folder_missing"]);
  await client.closeTerminals();
});

testWithPty("files.fetchFolder() fetches the others of a file that grows meanwhile", async () => {
  await using daemon = await startShells();
  using client = await clientOf(daemon);
  await client.terminal("alice").run(
    "mkdir -p out/empty; cd out; echo 1 >a; : >b; echo log >log; echo 2 >z",
  );
  const target = new MemoryTarget();
  // Folders are made after the list is read, and before the files are.
  const makeFolder = target.makeFolder.bind(target);
  target.makeFolder = async (path) => {
    await Deno.writeFile(`${daemon.home("alice")}/out/log`, new Uint8Array(2_000_000));
    await makeFolder(path);
  };
  const { complete, transferred, skipped } = await client.files.fetchFolder(
    "alice",
    "~/out",
    target,
  );
  assertEquals([complete, transferred], [true, 3]);
  const why = "it changed while it was read; another call fetches it";
  assertEquals(skipped, [{ path: "log", why }]);
  assertEquals([...target.tree.keys()].toSorted(), ["a", "b", "empty", "z"]);
  await client.closeTerminals();
});

testWithPty("files.fetchFolder() replaces only what was agreed to", async () => {
  await using daemon = await startShells();
  using client = await clientOf(daemon);
  await client.terminal("alice").run(
    "mkdir out; echo new >out/a; echo new >out/b; echo new >out/c",
  );
  const target = new MemoryTarget(new Map([["a", file("old")], ["b", file("old")]]));
  const agreed = await client.files.findReplacements("alice", "~/out", target);
  assertEquals(agreed.map(({ path }) => path), ["a", "b"]);
  target.tree.set("b", file("older"));
  const { skipped, transferred } = await client.files.fetchFolder("alice", "~/out", target, {
    agreed,
  });
  assertEquals([skipped.map(({ path }) => path), transferred], [["b"], 2]);
  assertEquals(target.tree.get("b"), file("older"));
  await client.closeTerminals();
});

testWithPty("files.fetchFolder() goes on with a large file after its last piece", async () => {
  await using daemon = await startShells();
  using client = await clientOf(daemon);
  await client.terminal("alice").run("mkdir out; head -c 11000000 /dev/urandom >out/big");
  const target = new MemoryTarget();
  const first = await client.files.fetchFolder("alice", "out", target, { stopAfterMs: 0 });
  assertEquals([first.complete, first.transferred], [false, 0]);
  const second = await client.files.fetchFolder("alice", "out", target);
  assertEquals([second.complete, second.transferred], [true, 1]);
  assertEquals(target.collectedBytes, 11_000_000);
  const big = target.tree.get("big");
  assert(big?.kind === "file");
  const there = await Deno.readFile(`${daemon.home("alice")}/out/big`);
  assert(there.every((byte, at) => byte === big.bytes[at]));
  await client.closeTerminals();
});

testWithPty("files.fetchFolder() writes nothing that a forged tar or list names", async () => {
  // Programs of the container lie: names that lead out, other content, more than was asked for.
  await using daemon = await startShells({ missing: ["tar", "stat"] });
  using client = await clientOf(daemon);
  const bin = `${daemon.home("alice")}/../bin`;
  const lie = (name: string, script: string) =>
    Deno.writeTextFile(`${bin}/${name}`, `#!/bin/sh\n${script}`, { mode: 0o755 });
  await lie("tar", `cd /etc && exec /usr/bin/tar -cPf - passwd ../etc/hostname /etc/hostname`);
  await lie(
    "stat",
    `mark=\${2%% *}
for path in ./passwd ./../up /etc/hostname ./a/../../b ./.git/config ./.GIT/x './git~1/x' ./.git./x; do
  echo "$mark 81a4 5 1700000000 $path"
done`,
  );
  await client.terminal("alice").run("mkdir out; echo 1234 >out/passwd");
  const target = new MemoryTarget();
  const { transferred, skipped } = await client.files.fetchFolder("alice", "~/out", target);
  assertEquals([transferred, [...target.tree]], [0, []]);
  assert(skipped.some(({ path }) => path === "passwd"), JSON.stringify(skipped));
  await client.closeTerminals();
});

testWithPty("files.fetchFolder() leaves a file of the target that it cannot compare", async () => {
  await using daemon = await startShells();
  using client = await clientOf(daemon);
  await client.terminal("alice").run("mkdir out; echo 1 >out/a; echo 2 >out/b");
  const target = new MemoryTarget(new Map([["a", file("9\n")]]));
  target.open = () => Promise.reject(new Deno.errors.PermissionDenied("a"));
  const { skipped, transferred } = await client.files.fetchFolder("alice", "out", target);
  assertEquals(skipped, [{ path: "a", why: "the file here cannot be read" }]);
  assertEquals(transferred, 1);
  await client.closeTerminals();
});
