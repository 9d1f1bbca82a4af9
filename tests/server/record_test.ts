/** The record of changes: what is recorded of a call, and that nothing is done without it. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { ContainariumError } from "../../client/mod.ts";
import type { ConsentMode, RecordEntry } from "../../server/mod.ts";
import type { Tool } from "../../tools/mod.ts";
import { connect } from "../connect.ts";
import { startDaemon } from "../daemon/mod.ts";
import { readRecord, storiesIn } from "../record.ts";
import type { Message } from "../session.ts";
import { makeTempFolder } from "../temp.ts";
import type { Conversation } from "./converse.ts";
import { makeDestroyer, makeTool, secret, serveTools } from "./fixture.ts";
import { modern, withForms } from "./modern_envelope.ts";

type Args = Readonly<Record<string, unknown>>;

/** Keeps entries as a file does: as text. */
function makeSink(): { readonly audit: (entry: RecordEntry) => Promise<void>; text: string } {
  const sink = {
    text: "",
    audit: (entry: RecordEntry) => {
      sink.text += JSON.stringify(entry) + "\n";
      return Promise.resolve();
    },
  };
  return sink;
}

function call(conversation: Conversation, name: string, args: Args = {}): Promise<Message> {
  return conversation.request("tools/call", { name, arguments: args });
}

function textOf({ result }: Message): string {
  const [block] = Array.isArray(result?.content) ? result.content : [];
  return block?.text ?? "";
}

const forms = { elicitation: { form: {} } };
const failing = (error: unknown) => makeTool({ run: () => Promise.reject(error) });
const untilAborted: Tool["run"] = (_args, { signal }) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

Deno.test("a change is recorded before it is carried out and after, with who asked for what", async () => {
  const sink = makeSink();
  const seen: string[] = [];
  const tool = makeTool({
    name: "create_snapshot",
    input: z.strictObject({
      username: z.string(),
      name: z.string(),
      force: z.boolean(),
      size: z.int(),
      note: z.string(),
      command: z.string(),
    }),
    output: z.strictObject({ snapshot: z.strictObject({ name: z.string() }), job_id: z.string() }),
    run: () => {
      seen.push(...storiesIn(readRecord(sink.text)));
      return Promise.resolve({ snapshot: { name: "before" }, job_id: "j-1" });
    },
    render: () => "done",
  });
  await using conversation = serveTools([tool], { audit: sink.audit });
  await conversation.initialize();
  const args = { username: "alice", name: "before", force: true, size: 3 };
  await call(conversation, "create_snapshot", { ...args, note: "a word", command: "ls" });
  assertEquals(seen, ["create_snapshot: begun"]);
  const [begun, ended, ...more] = readRecord(sink.text);
  assert(begun !== undefined && ended !== undefined && more.length === 0);
  const { time, call: id, conversation: whole, arguments: recorded, ...rest } = begun;
  assert(Date.parse(time) <= Date.parse(ended.time) && id.length === 36 && whole.length === 36);
  assertEquals<unknown>(rest, {
    event: "begun",
    tool: "create_snapshot",
    client: { name: "tests", version: "1" },
    consent: { mode: "auto", answer: "no_question" },
  });
  const bytes = new TextEncoder().encode(`${id}\nls`);
  const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  assertEquals<unknown>(recorded, {
    ...args,
    // A short text could be guessed from its hash; a command may be proved with it.
    note: { length: 6 },
    command: { length: 2, sha256 },
  });
  assertEquals<unknown>({ ...ended, time }, {
    time,
    event: "ended",
    call: id,
    conversation: whole,
    tool: "create_snapshot",
    outcome: "ok",
    ids: { "snapshot.name": "before", job_id: "j-1" },
  });
});

Deno.test("what only reads is not recorded, unless it asks first", async () => {
  const sink = makeSink();
  const reads = makeTool({ effect: "read" });
  const asks = makeTool({
    name: "get_secret",
    effect: "read",
    consent: () => Promise.resolve(undefined),
  });
  await using conversation = serveTools([reads, asks], { audit: sink.audit });
  await conversation.initialize();
  await call(conversation, "say_word");
  await call(conversation, "get_secret");
  await call(conversation, "get_secret", { wrong: 1 });
  assertEquals(storiesIn(readRecord(sink.text)), ["get_secret: begun ok"]);
});

Deno.test("a change that cannot be recorded is not made, nor asked about; what reads goes on", async (t) => {
  const audit = () => Promise.reject(new Error("--audit /x: No space left on device"));
  const destroyer = makeDestroyer();
  let runs = 0;
  const run: Tool["run"] = () => Promise.resolve({ word: `${++runs}`, items: [] });
  const tools = [destroyer.tool, makeTool({ run }), makeTool({ name: "look", effect: "read" })];
  const lines: string[] = [];
  await using conversation = serveTools(
    tools,
    { audit },
    (level, line) => lines.push(`${level}: ${line}`),
  );
  await conversation.initialize(forms);
  for (const name of ["lose_all", "say_word"]) {
    await t.step(name, async () => {
      const refused = await call(conversation, name);
      assertEquals(
        textOf(refused),
        "Nothing was done: a change has to be recorded first, and that is not possible now.\n" +
          "Why: --audit /x: No space left on device\n" +
          "Next: ask the user to repair it; tools that change nothing still work.",
      );
      assertEquals(refused.result?.isError, true);
      assertEquals(refused.result?._meta, { "containarium/code": "failed_precondition" });
    });
  }
  const asked = await conversation.request(
    "tools/call",
    modern({ name: "lose_all", arguments: {} }, withForms),
  );
  assertStringIncludes(textOf(asked), "Nothing was done");
  assertEquals((await call(conversation, "look")).result?.isError, undefined);
  assertEquals([destroyer.runs, runs], [0, 0]);
  assert(conversation.messages.every(({ method }) => method !== "elicitation/create"));
  assertEquals(lines.filter((line) => line.startsWith("error: Nothing was done")).length, 3);
});

Deno.test("a change whose end cannot be recorded is answered, and its beginning is recorded", async () => {
  const sink = makeSink();
  const audit = (entry: RecordEntry) =>
    entry.event === "ended" ? Promise.reject(new Error("full")) : sink.audit(entry);
  const lines: string[] = [];
  await using conversation = serveTools(
    [makeTool()],
    { audit },
    (level, line) => lines.push(`${level} ${line}`),
  );
  await conversation.initialize();
  assertEquals((await call(conversation, "say_word")).result?.isError, undefined);
  assertEquals(storiesIn(readRecord(sink.text)), ["say_word: begun"]);
  assertEquals(lines, ["error the end of say_word could not be recorded: full"]);
});

Deno.test("the question is recorded before it is put, and with its answer", async (t) => {
  const answers: Readonly<Record<string, unknown>> = {
    accepted: { action: "accept", content: { confirm: true } },
    unchecked: { action: "accept", content: { confirm: false } },
    unanswered: { action: "accept" },
    declined: { action: "decline" },
    closed: { action: "cancel" },
    "not_put": { action: "maybe" },
  };
  for (const [name, answer] of Object.entries(answers)) {
    const isYes = name === "accepted";
    const story = `lose_all: asked ${isYes ? "begun ok" : "refused"}`;
    await t.step(`${name}, in a revision before 2026`, async () => {
      const sink = makeSink();
      await using conversation = serveTools([makeDestroyer().tool], { audit: sink.audit });
      await conversation.initialize(forms);
      const called = call(conversation, "lose_all");
      const { id } = await conversation.next(({ method }) => method === "elicitation/create");
      assertEquals(storiesIn(readRecord(sink.text)), ["lose_all: asked"]);
      await conversation.send({ id, result: answer });
      await called;
      const entries = readRecord(sink.text);
      assertEquals(storiesIn(entries), [story]);
      assertEquals(entries[1]?.consent?.answer, name);
      assertEquals(entries[1]?.consent?.question?.length, "Lose it all?".length);
    });
    await t.step(`${name}, in 2026-07-28`, async () => {
      const sink = makeSink();
      await using conversation = serveTools([makeDestroyer().tool], { audit: sink.audit });
      const params = { name: "lose_all", arguments: {} };
      const asked = await conversation.request("tools/call", modern(params, withForms));
      assertEquals(storiesIn(readRecord(sink.text)), ["lose_all: asked"]);
      const again = {
        ...params,
        requestState: asked.result?.requestState,
        inputResponses: { consent: answer },
      };
      await conversation.request("tools/call", modern(again, withForms));
      const entries = readRecord(sink.text);
      assertEquals(storiesIn(entries), [story]);
      assertEquals(entries[1]?.consent?.answer, name);
      assertEquals(entries[1]?.client, { name: "tests", version: "1" });
    });
  }
});

Deno.test("a question that is put again, since its answer was missing, belongs to the same call", async () => {
  const sink = makeSink();
  await using conversation = serveTools([makeDestroyer().tool], { audit: sink.audit });
  const params = { name: "lose_all", arguments: {} };
  let asked = await conversation.request("tools/call", modern(params, withForms));
  for (
    const inputResponses of [{}, { consent: { action: "accept", content: { confirm: true } } }]
  ) {
    const again = { ...params, requestState: asked.result?.requestState, inputResponses };
    asked = await conversation.request("tools/call", modern(again, withForms));
  }
  assertEquals(storiesIn(readRecord(sink.text)), ["lose_all: asked asked begun ok"]);
});

Deno.test("an answer to a question that is gone belongs to the call that was asked about", async (t) => {
  const cases = [
    [{ action: "accept", content: { confirm: true } }, "lose_all: asked begun ok"],
    [{ action: "decline" }, "lose_all: asked refused"],
  ] as const;
  for (const [consent, story] of cases) {
    await t.step(story, async () => {
      const sink = makeSink();
      let question: { message: string; confirm: string } | undefined = {
        message: "Lose it?",
        confirm: "Lose it",
      };
      const { tool } = makeDestroyer();
      const forgetful = { ...tool, consent: () => Promise.resolve({ question }) };
      await using conversation = serveTools([forgetful], { audit: sink.audit });
      const params = { name: "lose_all", arguments: {} };
      const { result } = await conversation.request("tools/call", modern(params, withForms));
      question = undefined;
      const again = {
        ...params,
        requestState: result?.requestState,
        inputResponses: { consent },
      };
      await conversation.request("tools/call", modern(again, withForms));
      assertEquals(storiesIn(readRecord(sink.text)), [story]);
    });
  }
});

Deno.test("a question that is not put is recorded with why", async (t) => {
  const cases: readonly (readonly [ConsentMode, Args, string, string])[] = [
    ["never", forms, "skipped_by_mode", "lose_all: begun ok"],
    ["auto", {}, "client_cannot_ask", "lose_all: begun ok"],
    ["always", {}, "client_cannot_ask", "lose_all: refused"],
  ];
  for (const [consent, capabilities, answer, story] of cases) {
    await t.step(`${consent}, a client that declares ${Object.keys(capabilities)}`, async () => {
      const sink = makeSink();
      const options = { audit: sink.audit, consent };
      await using conversation = serveTools([makeDestroyer().tool], options);
      await conversation.initialize(capabilities);
      await call(conversation, "lose_all");
      const entries = readRecord(sink.text);
      assertEquals(storiesIn(entries), [story]);
      assertEquals([entries[0]?.consent?.mode, entries[0]?.consent?.answer], [consent, answer]);
    });
  }
});

Deno.test("a question that nobody answers in time is recorded as expired", async () => {
  const sink = makeSink();
  const options = { audit: sink.audit, questionMs: 1 };
  await using conversation = serveTools([makeDestroyer().tool], options);
  await conversation.initialize(forms);
  await call(conversation, "lose_all");
  const entries = readRecord(sink.text);
  assertEquals(storiesIn(entries), ["lose_all: asked refused"]);
  assertEquals(entries[1]?.consent?.answer, "expired");
});

Deno.test("a question of 2026-07-28 that can no longer be answered ends in the record", async (t) => {
  const params = { name: "lose_all", arguments: {} };
  await t.step("since it expired", async () => {
    const sink = makeSink();
    const options = { audit: sink.audit, questionMs: 0 };
    await using conversation = serveTools([makeDestroyer().tool], options);
    const ask = () => conversation.request("tools/call", modern(params, withForms));
    const { result } = await ask();
    const late = {
      ...params,
      requestState: result?.requestState,
      inputResponses: { consent: { action: "accept", content: { confirm: true } } },
    };
    await conversation.request("tools/call", modern(late, withForms));
    await ask();
    await ask();
    const entries = readRecord(sink.text);
    assertEquals(storiesIn(entries), [
      "lose_all: asked refused",
      "lose_all: asked refused",
      "lose_all: asked",
    ]);
    assertEquals(entries[1]?.consent?.answer, "expired");
  });
  await t.step("since there are too many", async () => {
    const sink = makeSink();
    await using conversation = serveTools([makeDestroyer().tool], { audit: sink.audit });
    for (let count = 0; count <= 100; count++) {
      await conversation.request("tools/call", modern(params, withForms));
    }
    const stories = storiesIn(readRecord(sink.text));
    assertEquals(stories.filter((story) => story === "lose_all: asked refused").length, 1);
  });
  await t.step("since the client has gone", async () => {
    const sink = makeSink();
    {
      await using conversation = serveTools([makeDestroyer().tool], { audit: sink.audit });
      await conversation.request("tools/call", modern(params, withForms));
    }
    const entries = readRecord(sink.text);
    assertEquals(storiesIn(entries), ["lose_all: asked cancelled"]);
    assertEquals(entries[1]?.consent?.answer, undefined);
    assertEquals(entries[1]?.consent?.question?.text, entries[0]?.consent?.question?.text);
  });
});

Deno.test("a failure is recorded with its code and reason, a lost response as ambiguous", async (t) => {
  const ambiguous = new ContainariumError("ambiguous", "lost", { reason: "response_lost" });
  const cases = [
    [new ContainariumError("conflict", "x", { reason: "protected" }), [
      "failed",
      "conflict",
      "protected",
    ]],
    [ambiguous, ["ambiguous", "ambiguous", "response_lost"]],
    // Whoever it was canceled by: what was begun may have been done.
    [new ContainariumError("cancelled", "x"), ["cancelled", "cancelled", undefined]],
    [new Error("a bug"), ["failed", undefined, undefined]],
  ] as const;
  for (const [error, outcome] of cases) {
    await t.step(outcome.join(" "), async () => {
      const sink = makeSink();
      await using conversation = serveTools([failing(error)], { audit: sink.audit });
      await conversation.initialize();
      await call(conversation, "say_word");
      const [, ended] = readRecord(sink.text);
      assertEquals<unknown>([ended?.outcome, ended?.code, ended?.reason], outcome);
    });
  }
});

Deno.test("a change that is canceled, overstays, or loses its client is recorded as such", async (t) => {
  const tool = makeTool({ run: untilAborted });
  const begin = async (conversation: Conversation) => {
    await conversation.initialize();
    await conversation.send({ id: 7, method: "tools/call", params: { name: "say_word" } });
    // Answered after the call has begun: its own messages come in order.
    await conversation.request("ping", {});
  };
  await t.step("canceled", async () => {
    const sink = makeSink();
    {
      await using conversation = serveTools([tool], { audit: sink.audit });
      await begin(conversation);
      await conversation.send({ method: "notifications/cancelled", params: { requestId: 7 } });
    }
    assertEquals(storiesIn(readRecord(sink.text)), ["say_word: begun cancelled"]);
  });
  await t.step("stdin ends", async () => {
    const sink = makeSink();
    {
      await using conversation = serveTools([tool], { audit: sink.audit });
      await begin(conversation);
    }
    assertEquals(storiesIn(readRecord(sink.text)), ["say_word: begun cancelled"]);
  });
  const stuck: Tool["run"] = () => new Promise(() => {});
  for (const [name, run] of Object.entries({ "ends late": untilAborted, "never ends": stuck })) {
    await t.step(`overstays and ${name}`, async () => {
      const sink = makeSink();
      const callLimits = { slackMs: 5, graceMs: 20 };
      const overstaying = makeTool({ run });
      await using conversation = serveTools([overstaying], { audit: sink.audit, callLimits });
      await conversation.initialize();
      await call(conversation, "say_word");
      assertEquals(storiesIn(readRecord(sink.text)), ["say_word: begun timed_out"]);
    });
  }
});

/** Calls a tool whose `consent` returns only after `giveUp`; returns how often it ran, and what was recorded. */
async function givenUp(
  giveUp: (conversation: Conversation) => Promise<unknown>,
  callLimits?: { readonly slackMs: number; readonly graceMs: number },
): Promise<readonly [number, readonly string[]]> {
  const sink = makeSink();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let runs = 0;
  const tool = makeTool({
    effect: "destroy",
    consent: () => promise,
    run: () => Promise.resolve({ word: `${++runs}`, items: [] }),
  });
  {
    await using conversation = serveTools([tool], { audit: sink.audit, callLimits });
    await conversation.initialize();
    await giveUp(conversation);
    resolve(undefined);
    await conversation.request("ping", {});
  }
  return [runs, storiesIn(readRecord(sink.text))];
}

Deno.test("a call that was given up before it was begun is not begun later", async () => {
  const late = await givenUp((conversation) => call(conversation, "say_word"), {
    slackMs: 5,
    graceMs: 5,
  });
  assertEquals(late, [0, ["say_word: timed_out"]]);
});

Deno.test("a call that is canceled before it was begun is not begun later", async () => {
  const canceled = await givenUp(async (conversation) => {
    await conversation.send({ id: 7, method: "tools/call", params: { name: "say_word" } });
    await conversation.send({ method: "notifications/cancelled", params: { requestId: 7 } });
    await conversation.request("ping", {});
  });
  assertEquals(canceled, [0, ["say_word: cancelled"]]);
});

Deno.test("an entry is of a bounded length, and quotes nothing that is too long", async () => {
  const sink = makeSink();
  const tool = makeTool({
    name: "delete_container",
    effect: "destroy",
    input: z.strictObject({ usernames: z.array(z.string()), text: z.string() }),
    consent: () =>
      Promise.resolve({ question: { message: "é\u202e".repeat(3_000), confirm: "yes" } }),
    output: z.strictObject({ containers: z.array(z.unknown()) }),
    run: ({ usernames }) =>
      Promise.resolve({
        containers: Array.isArray(usernames)
          ? usernames.map((username) => ({ username, result: "deleted" }))
          : [],
      }),
    render: () => "done",
  });
  await using conversation = serveTools([tool], { audit: sink.audit });
  await conversation.initialize();
  const usernames = Array.from({ length: 1_000 }, (_, index) => `user-${index}`.padEnd(40, "x"));
  await call(conversation, "delete_container", { usernames, text: "\u001b".repeat(1_000_000) });
  const [begun, ended] = readRecord(sink.text);
  assertEquals(Object.keys(begun?.arguments ?? {}), ["length", "sha256"]);
  assertEquals(begun?.consent?.question?.text?.length, 2_000);
  assertEquals(Object.keys(ended?.results ?? {}).length, 100);
});

Deno.test("no byte of the record is of a secret, a key or what was typed", async () => {
  const SECRET = "S3CR3T";
  const long = `${SECRET} ${"x".repeat(100)}`;
  await using daemon = await startDaemon({
    containers: [{ username: "alice", labels: { team: SECRET } }],
    zfs: true,
    recipes: [{ id: "web" }],
  });
  await using folder = await makeTempFolder();
  const file = `${folder.path}/record.jsonl`;
  const token = await daemon.token();
  const key = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPndzlUN6fW8WsRjT8aS0iHAIqqp8y+HIvYTxZ63PZdP`;
  const calls: readonly (readonly [string, Args])[] = [
    ["run_command", { username: "alice", command: `echo ${SECRET}`, stdin: SECRET }],
    ["run_command", { username: "alice", command: long, stdin: long }],
    ["send_to_terminal", { terminal_id: SECRET, text: SECRET, keys: [SECRET], wait_for: long }],
    ["send_to_terminal", { text: 12345678 }],
    ["add_ssh_key", { username: "alice", public_key: `${key} ${SECRET}` }],
    ["remove_ssh_key", { username: "alice", key: SECRET }],
    ["update_container", { username: "alice", labels: { [SECRET]: long } }],
    ["update_container", { username: "alice", remove_labels: [SECRET] }],
    ["create_container", { username: "bob", image: `images:${SECRET} x`, ssh_keys: [key] }],
    ["create_containers", { containers: [{ username: "carl", labels: { a: SECRET } }] }],
    ["create_from_recipe", { recipe: "web", username: "dave", parameters: { password: SECRET } }],
    ["create_snapshot", { username: "alice", name: token }],
    ["delete_snapshot", { username: "alice", name: `a b ${SECRET}` }],
    ["delete_container", { username: `${SECRET} x` }],
    ["resize_container", { username: "alice", memory: SECRET }],
  ];
  for (const consent of ["never", "always"]) {
    const env = { CONTAINARIUM_CONSENT: consent };
    await using server = await connect({ url: daemon.url, token }, {
      args: ["--audit", file],
      env,
      capabilities: forms,
    });
    server.onRequest("elicitation/create", () => ({
      action: "accept",
      content: { confirm: true, note: SECRET },
    }));
    for (const [name, args] of calls) await server.call(name, args);
    await server.call("get_container", { username: "alice" });
  }
  const text = await Deno.readTextFile(file);
  const entries = readRecord(text);
  assert(entries.length > calls.length * 2, `${entries.length} entries`);
  for (const hidden of [SECRET, token, token.slice(0, 20), key.slice(20), secret, "12345678"]) {
    const line = text.split("\n").find((line) => line.includes(hidden));
    assertEquals(line, undefined, hidden);
  }
  assert(entries.every(({ tool }) => tool !== "get_container"));
  assert(entries.some(({ daemon: address }) => address === daemon.url));
});
