/**
 * Deletes with a grace, by several copies of this server, while another client changes things and the daemon
 * carries deletions out, against a model.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { ContainariumClient } from "../../../client/mod.ts";
import { deleteContainer } from "../../../tools/containers/delete_container.ts";
import { clientOf } from "../../client/connect.ts";
import type { CallResult } from "../../connect.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { connectWithPolicy, type PolicySession } from "../../with_policy.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";

const day = 86_400;
const usernames = ["ann", "ben"] as const;
/** How many containers each user may have. */
const quota = 1;

type Username = typeof usernames[number];

/** A step: a call of this server, or what others do. */
type Step =
  | {
    readonly what: "create" | "delete" | "bulk delete" | "purge" | "undelete" | "keep";
    readonly username: Username;
  }
  /** Another client does it, which knows nothing of deletes that can be undone. */
  | {
    readonly what:
      | "start"
      | "stop"
      | "protect"
      | "unprotect"
      | "clear ttl"
      | "prolong"
      | "unlabel"
      | "remove"
      | "end ttl";
    readonly username: Username;
  }
  | { readonly what: "restart server" };

const username = fc.constantFrom(...usernames);
const one = <What extends Exclude<Step["what"], "restart server">>(...what: readonly What[]) =>
  fc.record({ what: fc.constantFrom(...what), username });
const byOthers = one(
  "start",
  "stop",
  "protect",
  "unprotect",
  "clear ttl",
  "prolong",
  "unlabel",
  "remove",
  "end ttl",
);
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      arbitrary: one("create", "delete", "bulk delete", "purge", "undelete", "keep"),
      weight: 6,
    },
    {
      arbitrary: byOthers,
      weight: 3,
    },
    { arbitrary: fc.record({ what: fc.constant("restart server" as const) }), weight: 1 },
  ),
  { minLength: 3, maxLength: 14 },
) as fc.Arbitrary<readonly Step[]>;

/** Random steps seldom come to this. */
const prolongedMeanwhile: readonly Step[] = [
  { what: "delete", username: "ann" },
  { what: "prolong", username: "ann" },
  { what: "create", username: "ann" },
  { what: "undelete", username: "ann" },
];

/** What a container is, in the model. */
interface Box {
  running: boolean;
  isProtected: boolean;
  /** Days until it is deleted; `undefined`: never. */
  ttlDays: number | undefined;
  /** How it was when it was deleted; `undefined`: it was not, or the record is gone. */
  before: { readonly running: boolean; readonly ttlDays: number | undefined } | undefined;
}

type Model = Map<Username, Box>;

function isDeleting({ before, ttlDays, isProtected }: Box): boolean {
  return before !== undefined && ttlDays !== undefined && !isProtected;
}

/** What the model says becomes of a box, and of the answer. */
function expect(model: Model, step: Step): RegExp | undefined {
  if (step.what === "restart server") return undefined;
  const { what, username } = step;
  const box = model.get(username);
  switch (what) {
    case "create":
      if (box === undefined) {
        model.set(username, {
          running: true,
          isProtected: false,
          ttlDays: undefined,
          before: undefined,
        });
        return /^Created \w+-container\./;
      }
      return isDeleting(box) ? refusals.taken : refusals.present;
    case "delete":
    case "bulk delete":
      return expectDelete(box, what === "bulk delete");
    case "purge":
      if (box?.isProtected) return /protected from deletion/;
      model.delete(username);
      return box === undefined ? /There is no \w+-container/ : /Deleted \w+-container\./;
    case "undelete":
      return expectUndelete(box);
    case "keep":
      if (box === undefined) return /There is no container/;
      if (isDeleting(box)) return /was deleted \(deleting in .*undelete_container/s;
      box.ttlDays = undefined;
      return /^ttl: /;
    default:
      return undefined;
  }
}

const refusals = {
  taken: /quota|was deleted and can be recovered.*undelete_container/s,
  present: /quota|already has a container/,
};

function expectDelete(box: Box | undefined, isBulk: boolean): RegExp {
  if (box === undefined) return isBulk ? /there is no \w+-container/ : /There is no \w+-container/;
  if (box.isProtected) return /protected from deletion/;
  if (!isDeleting(box)) {
    box.before = { running: box.running, ttlDays: box.ttlDays };
    box.ttlDays = Math.min(1, box.ttlDays ?? Infinity);
  }
  box.running = false;
  return isBulk ? /deleting in / : /gone in .*undelete_container/;
}

function expectUndelete(box: Box | undefined): RegExp {
  if (box === undefined) return /There is no container/;
  if (box.before === undefined) return /^It was not deleted/;
  const { running, ttlDays } = box.before;
  // It never gets less time by being recovered.
  box.ttlDays = box.ttlDays === undefined || ttlDays === undefined
    ? undefined
    : Math.max(ttlDays, box.ttlDays);
  box.running ||= running;
  box.before = undefined;
  return /^Restored; it will not be deleted\./;
}

/** What this server is asked. */
async function ask({ session }: PolicySession, step: Step): Promise<CallResult | undefined> {
  if (step.what === "restart server") return undefined;
  const { what, username } = step;
  switch (what) {
    case "create":
      return await session.call("create_container", { username });
    case "delete":
      return await session.call("delete_container", { username });
    case "bulk delete":
      return await session.call("delete_containers", { usernames: [username] });
    case "purge":
      return await session.call("delete_container", { username, permanently: true });
    case "undelete":
      return await session.call("undelete_container", { username });
    case "keep":
      return await session.call("update_container", { username, ttl: "never" });
    default:
      return undefined;
  }
}

/** What another client does, to the daemon and to the model. */
async function doAsOther(
  client: ContainariumClient,
  daemon: Daemon,
  model: Model,
  step: Step,
): Promise<void> {
  const box = "username" in step ? model.get(step.username) : undefined;
  if (!("username" in step) || box === undefined) return;
  const { what, username } = step;
  const { containers } = client;
  switch (what) {
    case "start":
    case "stop":
      await containers[what](username, { force: true });
      box.running = what === "start";
      return;
    case "protect":
    case "unprotect":
      box.isProtected = what === "protect";
      return await containers.setProtected(username, box.isProtected);
    case "clear ttl":
      await containers.setTtl(username, 0);
      box.ttlDays = undefined;
      return;
    case "prolong":
      await containers.setTtl(username, 5 * day);
      box.ttlDays = 5;
      return;
    case "unlabel":
      await containers.removeLabel(username, "mcp-deleted");
      box.before = undefined;
      return;
    case "remove":
      // The client refuses what is protected; the daemon does not.
      if (box.isProtected) return;
      await containers.delete(username, { force: true });
      model.delete(username);
      return;
    case "end ttl":
      if (box.ttlDays === undefined || box.isProtected) return;
      daemon.endTtl(username);
      model.delete(username);
      return;
    default:
      return;
  }
}

/** The daemon has what the model says. */
async function assertSame(client: ContainariumClient, model: Model): Promise<void> {
  const listed = await client.containers.list();
  const found = listed.map(({ username, state, isProtected, ttlExpiresAt, deletion }) => [
    username,
    {
      running: state === "running",
      isProtected,
      ttlDays: ttlExpiresAt && Math.round((ttlExpiresAt.getTime() - Date.now()) / 1_000 / day),
      wasRunning: deletion?.wasRunning,
    },
  ]);
  const expected = [...model].toSorted().map(([username, { before, ...box }]) => [
    username,
    { ...box, wasRunning: before?.running },
  ]);
  assertEquals(found, expected);
}

/** Runs a random sequence. */
async function play(steps: readonly Step[], counts: Map<string, number>): Promise<void> {
  await using daemon = await startDaemon({
    delays: { creatingMs: 1, provisioningMs: 1 },
    containers: [{ username: "ann", ttlSeconds: 3 * day }],
  });
  using client = await clientOf(daemon);
  const policy = {
    "delete_grace": "24h",
    quotas: { users: { "*": { containers: quota } } },
  };
  let host = await connectWithPolicy(daemon, policy);
  const model: Model = new Map([["ann", {
    running: true,
    isProtected: false,
    ttlDays: 3,
    before: undefined,
  }]]);
  try {
    for (const step of steps) {
      if (step.what === "restart server") {
        await host[Symbol.asyncDispose]();
        host = await connectWithPolicy(daemon, policy);
      }
      const expected = expect(model, step);
      const answer = await ask(host, step);
      if (answer !== undefined) {
        assert(expected?.test(answer.text), `${JSON.stringify(step)}: ${answer.text}`);
        counts.set(String(expected), (counts.get(String(expected)) ?? 0) + 1);
      }
      await doAsOther(client, daemon, model, step);
      await assertSame(client, model);
    }
  } finally {
    await host[Symbol.asyncDispose]();
  }
}

Deno.test("deletes with a grace do what a model says, whatever others do and however often servers restart", async () => {
  const counts = new Map<string, number>();
  await fc.assert(fc.asyncProperty(steps, (steps) => play(steps, counts)), {
    numRuns: 40,
    examples: [[prolongedMeanwhile]],
  });
  for (const pattern of [refusals.taken, /^Restored; it will not be deleted\./]) {
    assert((counts.get(String(pattern)) ?? 0) > 0, `never ${pattern}`);
  }
});

Deno.test("delete_container with a grace changes only what was agreed to, and so that it can be undone, whatever others do meanwhile", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(byOthers, { maxLength: 3 }),
      fc.boolean(),
      fc.boolean(),
      async (others, isReplaced, isDeletedBefore) => {
        const createdAt = new Date("2026-01-01T00:00:00Z");
        await using daemon = await startDaemon({
          containers: [{ username: "ann", ttlSeconds: 3 * day, createdAt }],
        });
        using client = await clientOf(daemon);
        const policy = () => Promise.resolve({ templates: new Map(), deleteGrace: "24h" });
        const context = { ...contextOf(client), policy };
        const { containers } = client;
        if (isDeletedBefore) await containers.deleteLater("ann", { graceSeconds: day });
        const model: Model = new Map([["ann", {
          running: !isDeletedBefore,
          isProtected: false,
          ttlDays: isDeletedBefore ? 1 : 3,
          before: isDeletedBefore ? { running: true, ttlDays: 3 } : undefined,
        }]]);
        let sent = 0;
        const writes = () => daemon.requests.filter(({ method }) => method !== "GET").length;
        const { refusal, answer } = await changedBetween(
          deleteContainer,
          { username: "ann" },
          context,
          async () => {
            for (const step of others) {
              await doAsOther(client, daemon, model, { ...step, username: "ann" });
            }
            if (isReplaced && model.has("ann")) daemon.replace({ username: "ann" });
            sent = writes();
          },
        );
        const box = model.get("ann");
        if (refusal !== undefined || box === undefined) {
          const isBack = isDeletedBefore && box !== undefined &&
            (box.running || box.before === undefined || box.ttlDays === undefined);
          const isOther = box === undefined || box.isProtected || isReplaced || isBack;
          assert(isOther, refusal?.message);
          assertEquals([writes(), answer?.deleted ?? false], [sent, false]);
          return;
        }
        expectDelete(box, false);
        await assertSame(client, model);
        expectUndelete(box);
        await containers.undelete("ann");
        await assertSame(client, model);
      },
    ),
    { numRuns: 40, examples: [[[{ what: "prolong", username: "ann" }], false, true]] },
  );
});
