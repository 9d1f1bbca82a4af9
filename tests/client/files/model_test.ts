/** Transfers of random trees that are interrupted at any point and go on afterwards. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  ContainariumError,
  type TransferOptions,
  type TransferResult,
} from "../../../client/mod.ts";
import type { Daemon } from "../../daemon/mod.ts";
import { testWithPty } from "../../with_pty.ts";
import { clientOf } from "../connect.ts";
import { startShells } from "../terminal/shell_daemon.ts";
import { MemoryTarget, readDisk, shownTree, sourceOf } from "./memory.ts";
import { trees } from "./wild_trees.ts";

type Client = Awaited<ReturnType<typeof clientOf>>;

/** What ends an attempt before its time. */
const interruption = fc.record({
  kind: fc.constantFrom("drop", "cancel", "stop", "leave"),
  afterMs: fc.integer({ min: 0, max: 120 }),
});

type Interruption = typeof interruption extends fc.Arbitrary<infer T> ? T : never;

/** Makes one attempt that is interrupted; whatever it throws is an error of the library. */
async function attempt(
  daemon: Daemon,
  { kind, afterMs }: Interruption,
  transfer: (client: Client, options: TransferOptions) => Promise<TransferResult>,
): Promise<void> {
  const client = await clientOf(daemon);
  const controller = new AbortController();
  const timer = setTimeout(() => {
    if (kind === "drop") daemon.dropTerminals("alice");
    if (kind === "cancel") controller.abort();
    if (kind === "leave") client[Symbol.dispose]();
  }, afterMs);
  const options = { signal: controller.signal, stopAfterMs: kind === "stop" ? 0 : undefined };
  try {
    await transfer(client, options);
  } catch (error) {
    assert(error instanceof ContainariumError, String(error));
    // The last is of a login that was cut off.
    const codes = ["cancelled", "unavailable", "failed_precondition"];
    assert(codes.includes(error.code), `${error.code}: ${error.message}`);
  } finally {
    clearTimeout(timer);
    await client.closeTerminals();
    client[Symbol.dispose]();
  }
}

testWithPty(
  "files.sync() interrupted anywhere and called again makes the folder equal",
  async () => {
    await using daemon = await startShells();
    using client = await clientOf(daemon);
    const home = daemon.home("alice");
    await Deno.writeTextFile(`${home}/outside`, "outside");
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        trees(),
        trees(),
        fc.array(interruption, { maxLength: 3 }),
        async (before, after, interruptions) => {
          const remote = `run${runs++}`;
          await client.files.sync("alice", remote, sourceOf(before));
          const sync = (client: Client, options: TransferOptions) =>
            client.files.sync("alice", remote, sourceOf(after), { ...options, delete: true });
          for (const one of interruptions) await attempt(daemon, one, sync);
          let last = await sync(client, {});
          assertEquals([last.complete, last.skipped], [true, []]);
          assertEquals(
            shownTree(await readDisk(`${home}/${remote}`)),
            shownTree(after),
          );
          last = await sync(client, {});
          assertEquals([last.transferred, last.removed, last.modesChanged], [0, [], 0]);
        },
      ),
      { numRuns: 12 },
    );
    assertEquals(await Deno.readTextFile(`${home}/outside`), "outside");
    await client.closeTerminals();
  },
);

testWithPty(
  "files.fetchFolder() interrupted anywhere and called again makes the target equal",
  async () => {
    await using daemon = await startShells();
    using client = await clientOf(daemon);
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        trees(false),
        trees(false),
        fc.array(interruption, { maxLength: 3 }),
        async (there, here, interruptions) => {
          const remote = `run${runs++}`;
          await client.files.sync("alice", remote, sourceOf(there));
          const target = new MemoryTarget(new Map(here));
          const fetch = (client: Client, options: TransferOptions) =>
            client.files.fetchFolder("alice", remote, target, options);
          for (const one of interruptions) await attempt(daemon, one, fetch);
          if (there.size === 0) return;
          const { complete, skipped } = await fetch(client, {});
          assert(complete);
          const left = new Set(skipped.map(({ path }) => path));
          for (const [path, node] of there) {
            const isLeft = [...left].some((one) => path === one || path.startsWith(`${one}/`));
            const found = target.tree.get(path);
            if (isLeft || node.kind !== "file") continue;
            assert(found?.kind === "file", path);
            assertEquals(found.bytes, node.bytes, path);
          }
          for (const [path, node] of here) {
            if (there.get(path) === undefined) assertEquals(target.tree.get(path), node, path);
          }
        },
      ),
      { numRuns: 12 },
    );
    await client.closeTerminals();
  },
);
