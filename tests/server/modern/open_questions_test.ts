/** Questions of 2026-07-28 without a conversation around them: which are open, and for how long. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { OpenQuestions } from "../../../server/modern/open_questions.ts";
import { RpcError } from "../../../server/rpc_error.ts";
import type { AskUser } from "../../../server/consent.ts";
import type { QuestionRecord } from "../../../server/record/call_record.ts";

const question = { message: "Lose it all?", confirm: "Lose it" };
const call = { name: "lose_all", arguments: { b: 1, a: [{ d: 1, c: 2 }] } };
const context = { signal: new AbortController().signal, progress: () => {} };

/** A record that keeps what it is given. */
function makeRecord() {
  const events: unknown[] = [];
  const record: QuestionRecord = {
    call: "c-1",
    asked: ({ message }) => Promise.resolve(void events.push(["asked", message])),
    questioned: ({ answer }) => void events.push(["questioned", answer]),
    ended: ({ outcome }) => Promise.resolve(void events.push(["ended", outcome])),
  };
  return { record, events };
}

async function put(ask: AskUser | undefined, more: Partial<Parameters<AskUser>[0]> = {}) {
  const reply = await ask?.({ question, agreed: "then", ...more }, context);
  assert(reply?.kind === "pending");
  return reply.result;
}

/** Asks in one request; the second is to come with this. */
async function asked(questions: OpenQuestions, record?: QuestionRecord): Promise<string> {
  const result = await put(await questions.askerFor("tools/call", call, true), { record });
  return `${result.requestState}`;
}

const yes = { consent: { action: "accept", content: { confirm: true } } };

Deno.test("OpenQuestions returns the question as a form, under one key, with its state", async () => {
  const questions = new OpenQuestions(1_000);
  const { requestState, ...result } = await put(await questions.askerFor("tools/call", call, true));
  assertEquals(`${requestState}`.length, 36);
  assertEquals<unknown>(result, {
    resultType: "input_required",
    inputRequests: {
      consent: {
        method: "elicitation/create",
        params: {
          mode: "form",
          message: "Lose it all?",
          requestedSchema: {
            type: "object",
            properties: { confirm: { type: "boolean", title: "Lose it" } },
            required: ["confirm"],
          },
        },
      },
    },
  });
  assertEquals(await questions.askerFor("tools/call", call, false), undefined);
});

Deno.test("OpenQuestions takes an answer with the state behind its question", async () => {
  const questions = new OpenQuestions(60_000);
  const { record, events } = makeRecord();
  const requestState = await asked(questions, record);
  assertEquals(events, [["asked", "Lose it all?"]]);
  const again = { arguments: { a: [{ c: 2, d: 1 }], b: 1 }, name: "lose_all", requestState };
  const ask = await questions.askerFor("tools/call", { ...again, inputResponses: yes }, true);
  assertEquals(ask?.earlier, { question, recordedAs: "c-1", refusal: undefined });
  const reply = await ask?.({ question, agreed: "now" }, context);
  assertEquals<unknown>(reply, { kind: "answered", answer: yes.consent, agreed: "then" });
});

Deno.test("OpenQuestions asks anew where the answer is missing, or to another question", async () => {
  const questions = new OpenQuestions(60_000);
  const cases = [
    [{}, question],
    [{ other: yes.consent }, question],
    [{ consent: null }, question],
    [yes, { ...question, message: "Lose more?" }],
    [yes, { ...question, confirm: "Lose more" }],
  ] as const;
  for (const [inputResponses, question] of cases) {
    const requestState = await asked(questions);
    const ask = await questions.askerFor(
      "tools/call",
      { ...call, requestState, inputResponses },
      true,
    );
    const result = await put(ask, { question });
    assert(result.requestState !== requestState);
  }
});

Deno.test("OpenQuestions has a no at hand whatever is asked now", async () => {
  const questions = new OpenQuestions(60_000);
  const answers: readonly (readonly [answer: unknown, isNo: boolean])[] = [
    [{ action: "decline" }, true],
    [{ action: "cancel" }, true],
    [{ action: "accept", content: { confirm: false } }, true],
    [{ action: "accept", content: { confirm: true } }, false],
    [{ action: "accept" }, false],
    [{ action: "perhaps" }, false],
    ["no", false],
  ];
  for (const [consent, isNo] of answers) {
    const requestState = await asked(questions);
    const params = { ...call, requestState, inputResponses: { consent } };
    const { earlier } = await questions.askerFor("tools/call", params, true) ?? {};
    assertEquals(earlier?.refusal !== undefined, isNo, JSON.stringify(consent));
  }
});

Deno.test("OpenQuestions refuses a state that is not that of an open question about this call", async (t) => {
  const questions = new OpenQuestions(60_000);
  const refused = async (
    params: Readonly<Record<string, unknown>>,
    { method = "tools/call", asksByForm = true } = {},
  ) => await assertRejects(() => questions.askerFor(method, params, asksByForm), RpcError);
  const unknown =
    "tools/call: requestState is not that of an open question about this call. Each counts once, " +
    "for 10 minutes, in the process that asked. Nothing was done; to ask anew, call again without it";
  await t.step("malformed", async () => {
    for (const wrong of [{ requestState: 7 }, { requestState: null }, { inputResponses: [] }]) {
      const { code, message } = await refused({ ...call, ...wrong });
      assertEquals([code, message], [
        -32602,
        "tools/call: expected requestState to be text and inputResponses to be an object",
      ]);
    }
  });
  await t.step("made up", async () => {
    const { code, message } = await refused({ ...call, requestState: "x" });
    assertEquals([code, message], [-32602, unknown]);
  });
  await t.step("used before", async () => {
    const requestState = await asked(questions);
    const params = { ...call, requestState, inputResponses: yes };
    await questions.askerFor("tools/call", params, true);
    assertEquals((await refused(params)).message, unknown);
  });
  await t.step("of another call, which ends its record", async () => {
    for (const other of [{ arguments: {} }, { name: "lose_some" }, { more: 1 }]) {
      const { record, events } = makeRecord();
      const requestState = await asked(questions, record);
      const { message } = await refused({ ...call, ...other, requestState });
      assertEquals(message, unknown);
      assertEquals(events.slice(1), [["questioned", "unanswered"], ["ended", "refused"]]);
      assertEquals((await refused({ ...call, requestState })).message, unknown);
    }
  });
  await t.step("of another method", async () => {
    const requestState = await asked(questions);
    const { message } = await refused({ ...call, requestState }, { method: "prompts/get" });
    assertEquals(message, unknown.replace("tools/call", "prompts/get"));
  });
  await t.step("from a client without forms", async () => {
    const requestState = await asked(questions);
    const { code, message, data } = await refused({ ...call, requestState }, { asksByForm: false });
    assertEquals([code, message, data], [
      -32021,
      "tools/call: requestState answers a question, which needs the capability elicitation",
      { requiredCapabilities: { elicitation: { form: {} } } },
    ]);
    assertEquals((await refused({ ...call, requestState })).code, -32602);
  });
  await t.step("expired", async () => {
    const brief = new OpenQuestions(0);
    const { record, events } = makeRecord();
    const requestState = await asked(brief, record);
    const params = { ...call, requestState, inputResponses: yes };
    const { message } = await assertRejects(
      () => brief.askerFor("tools/call", params, true),
      RpcError,
    );
    assertEquals(message, unknown);
    assertEquals(events.slice(1), [["questioned", "expired"], ["ended", "refused"]]);
  });
});

Deno.test("OpenQuestions keeps 100 questions, and drops the oldest and what has expired", async () => {
  const questions = new OpenQuestions(60_000);
  const records = Array.from({ length: 101 }, makeRecord);
  const states: string[] = [];
  for (const { record } of records) states.push(await asked(questions, record));
  const dropped = records.filter(({ events }) => events.length > 1);
  assertEquals(dropped, [records[0]]);
  assertEquals(dropped[0]?.events.slice(1), [["questioned", "unanswered"], ["ended", "refused"]]);
  const isOpen = (requestState: string | undefined) =>
    questions.askerFor("tools/call", { ...call, requestState }, true).then(() => true, () => false);
  assertEquals([await isOpen(states[0]), await isOpen(states[1])], [false, true]);
  const brief = new OpenQuestions(0);
  const { record, events } = makeRecord();
  await asked(brief, record);
  await asked(brief);
  assertEquals(events.slice(1), [["questioned", "expired"], ["ended", "refused"]]);
});

Deno.test("OpenQuestions ends every record when the client has gone, also one that comes later", async () => {
  const questions = new OpenQuestions(60_000);
  const [first, later, failing] = [makeRecord(), makeRecord(), makeRecord()];
  await asked(questions, first.record);
  // A full disk must not keep anything open.
  await asked(questions, { ...failing.record, ended: () => Promise.reject(new Error("full")) });
  await questions.end();
  await questions.end();
  await asked(questions, later.record);
  for (const { events } of [first, later]) {
    assertEquals(events.slice(1), [["questioned", undefined], ["ended", "cancelled"]]);
  }
  const brief = new OpenQuestions(0);
  const expired = makeRecord();
  await asked(brief, expired.record);
  await brief.end();
  assertEquals(expired.events.slice(1), [["questioned", "expired"], ["ended", "refused"]]);
});
