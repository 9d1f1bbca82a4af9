/** When a question is put, what its answer means, and what the model reads. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ContainariumClient } from "../../client/mod.ts";
import { type AskUser, type Consent, seekConsent } from "../../server/consent.ts";
import { RecordError } from "../../server/record/record_error.ts";
import type { Tool } from "../../tools/mod.ts";
import { contextOf } from "../tools/context.ts";
import { makeTool, secret } from "./fixture.ts";

const question = { message: "Lose it all?", confirm: "Lose it" };

/** Seeks consent for a tool that asks, with a user who answers like this. */
async function seek(
  { tool = {}, ask, signal, ...consent }:
    & Partial<Omit<Consent, "ask">>
    & { tool?: Partial<Tool>; ask?: AskUser; signal?: AbortSignal } = {},
) {
  using client = new ContainariumClient({ serverUrl: "http://127.0.0.1:1", token: secret });
  const context = contextOf(client);
  const asking = makeTool({
    name: "lose_all",
    consent: () => Promise.resolve({ question, agreed: "state" }),
    ...tool,
  });
  return await seekConsent(
    asking,
    {},
    { ...context, signal: signal ?? context.signal },
    { mode: "auto", ask, ...consent },
  );
}

/** The answer of a client's form. */
interface Answer {
  readonly action: "accept" | "decline" | "cancel";
  readonly content?: { readonly confirm?: boolean };
}

function answers({ action, content }: Answer): AskUser {
  return ({ agreed }) =>
    Promise.resolve({
      kind: "answered",
      answer: content === undefined ? { action } : { action, content: { ...content } },
      agreed,
    });
}

const yes = answers({ action: "accept", content: { confirm: true } });
const failing = (error: unknown): AskUser => () => Promise.reject(error);

Deno.test("seekConsent() puts a question as the mode and the client say", async (t) => {
  const never = () => {
    throw new Error("nobody is to be asked");
  };
  const nothing = () => Promise.resolve({ agreed: "state" });
  const onlyIfAlways = () => Promise.resolve({ question, agreed: "state", onlyIfAlways: true });
  const rows: Readonly<Record<string, readonly [Parameters<typeof seek>[0], string]>> = {
    "auto, and a client that asks": [{ ask: yes }, "accepted"],
    "auto, and one that cannot": [{}, "client_cannot_ask"],
    "always": [{ mode: "always", ask: yes }, "accepted"],
    "never, with a client that asks": [{ mode: "never", ask: never }, "skipped_by_mode"],
    "never, with one that cannot": [{ mode: "never" }, "skipped_by_mode"],
    "nothing to ask": [{ mode: "always", ask: never, tool: { consent: nothing } }, "no_question"],
    "only if always, in auto": [{ ask: never, tool: { consent: onlyIfAlways } }, "no_question"],
    "only if always, in never": [{ mode: "never", tool: { consent: onlyIfAlways } }, "no_question"],
    "only if always, in always": [
      { mode: "always", ask: yes, tool: { consent: onlyIfAlways } },
      "accepted",
    ],
  };
  for (const [name, [options, answer]] of Object.entries(rows)) {
    await t.step(name, async () => {
      const consented = await seek(options);
      assert(consented.kind === "agreed");
      assertEquals([consented.agreed, consented.questioned.answer], ["state", answer]);
      const isThere = answer !== "no_question";
      assertEquals(consented.questioned.question, isThere ? question : undefined);
    });
  }
  await t.step("a call that loses nothing", async () => {
    assertEquals(await seek({ ask: never, tool: { consent: () => Promise.resolve(undefined) } }), {
      kind: "agreed",
      agreed: undefined,
      questioned: { answer: "no_question" },
    });
  });
  await t.step("a shell, which is read only in always", async () => {
    const shell = { reach: "shell" } as const;
    const { kind, ...rest } = await seek({ ask: never, tool: { ...shell, consent: never } });
    assertEquals<unknown>([kind, rest], ["agreed", {
      agreed: undefined,
      questioned: { answer: "no_question" },
    }]);
    const consented = await seek({ mode: "always", ask: yes, tool: shell });
    assert(consented.kind === "agreed" && consented.questioned.answer === "accepted");
  });
});

Deno.test("seekConsent() refuses without a checked box, and says what the user did", async () => {
  const final = "this is final for this call; do not call lose_all for it again unless they ask.";
  const declined = (how: string) =>
    `The user declined: Lose it all?\nWhy: this server asked, and the user ${how}.\nNext: ${final}`;
  const rows: readonly (readonly [answer: Answer, said: string, text: string])[] = [
    [{ action: "decline" }, "declined", declined("said no")],
    [{ action: "cancel" }, "closed", declined("closed the question")],
    [
      { action: "accept", content: { confirm: false } },
      "unchecked",
      declined("left the box unchecked"),
    ],
    ...[undefined, {}].map((content) =>
      [
        { action: "accept", ...(content === undefined ? {} : { content }) },
        "unanswered",
        "Not done: Lose it all?\nWhy: this client returned no answer to the form of the question; " +
        "the user may not have seen it.\nNext: ask the user; they can do it from a client that " +
        "shows the form, or by hand on the host.",
      ] as const
    ),
  ];
  for (const [answer, said, text] of rows) {
    assertEquals<unknown>(await seek({ ask: answers(answer) }), {
      kind: "refused",
      text,
      questioned: { answer: said, question },
    });
  }
});

Deno.test("seekConsent() does nothing where nobody could be asked, and says why", async () => {
  const notDone = (why: string, next: string) =>
    `Not done: Lose it all?\nWhy: ${why}\nNext: ${next}`;
  const notPut = (why: string) =>
    notDone(`the user could not be asked: ${why}`, "ask the user what to do.");
  const rows: readonly (readonly [Parameters<typeof seek>[0], said: string, text: string])[] = [
    [
      { mode: "always" },
      "client_cannot_ask",
      notDone(
        "CONTAINARIUM_CONSENT=always requires asking the user first, and this client cannot ask.",
        "ask the user; they can do it from a client that can ask, or by hand on the host.",
      ),
    ],
    [
      { ask: failing(Object.assign(new Error("x"), { code: -32001 })) },
      "expired",
      notDone(
        "nobody answered the question in time, and it was withdrawn.",
        "do not call lose_all for it again unless the user asks.",
      ),
    ],
    [{ ask: failing(new Error("no form")) }, "not_put", notPut("no form")],
    [{ ask: failing("a text") }, "not_put", notPut("a text")],
    [{ ask: failing(new Error("x".repeat(501))) }, "not_put", notPut("x".repeat(500))],
    [
      { ask: failing(Object.assign(new Error("[…]"), { issues: [] })) },
      "not_put",
      notPut("its answer was none of accept, decline and cancel"),
    ],
  ];
  for (const [options, answer, text] of rows) {
    assertEquals<unknown>(await seek(options), {
      kind: "refused",
      text,
      questioned: { answer, question },
    });
  }
});

Deno.test("seekConsent() leaves the end of the call, and of the record, to the call", async () => {
  const gone = new Error("gone");
  await assertRejects(
    () => seek({ ask: failing(gone), signal: AbortSignal.abort() }),
    Error,
    "gone",
  );
  await assertRejects(() => seek({ ask: failing(new RecordError("full")) }), RecordError);
});

Deno.test("seekConsent() names the daemon in the question and on the box, and shows what is hidden", async () => {
  const hostile = { message: "Lose\nit\u001b?", confirm: "Lose\nit" };
  const consent = () => Promise.resolve({ question: hostile });
  const named = await seek({ ask: yes, tool: { consent }, serverName: "staging" });
  assert(named.kind === "agreed");
  assertEquals<unknown>(named.questioned.question, {
    message: "On staging: Lose\nit\\u{1b}?",
    confirm: "Lose\\u{a}it on staging",
  });
  const alone = await seek({ ask: yes, tool: { consent } });
  assert(alone.kind === "agreed");
  assertEquals<unknown>(alone.questioned.question, {
    message: "Lose\nit\\u{1b}?",
    confirm: "Lose\\u{a}it",
  });
});

Deno.test("seekConsent() puts a question of 20,000 characters, and refuses a longer one", async () => {
  const ofLength = (length: number) => ({
    consent: () => Promise.resolve({ question: { message: "x".repeat(length), confirm: "" } }),
  });
  assertEquals((await seek({ ask: yes, tool: ofLength(20_000) })).kind, "agreed");
  const refused = await seek({ ask: yes, tool: ofLength(20_001) });
  assert(refused.kind === "refused");
  assertEquals(refused.questioned.answer, "too_long");
  assertStringIncludes(refused.text, "Next: name fewer in a call.");
});

Deno.test("seekConsent() takes an earlier no for final, and reads nothing for it", async () => {
  const consent = () => Promise.reject(new Error("nothing is to be read"));
  const earlier = { question, recordedAs: undefined, refusal: { action: "decline" } } as const;
  const ask = Object.assign(failing(new Error("nobody is to be asked")), { earlier });
  const refused = await seek({ ask, tool: { consent } });
  assert(refused.kind === "refused");
  assertEquals(refused.questioned, { answer: "declined", question });
});
