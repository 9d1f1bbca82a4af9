/** Consent in the revision 2026-07-28: a result asks the user, and a second call carries the answer. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { z } from "zod";
import type { ConsentMode } from "../../server/mod.ts";
import type { Tool } from "../../tools/mod.ts";
import { connectProcess } from "../connect.ts";
import { startDaemon } from "../daemon/mod.ts";
import type { Message } from "../session.ts";
import type { Conversation } from "./converse.ts";
import { makeDestroyer, makeTool, serveTools } from "./fixture.ts";
import { modern, withForms } from "./modern_envelope.ts";
import { refusals } from "./refusals.ts";

type Params = Readonly<Record<string, unknown>>;

const yes = { action: "accept", content: { confirm: true } };

/** Calls a tool as a client that can show forms. */
async function call(conversation: Conversation, params: Params = {}): Promise<Message> {
  const whole = { name: "lose_all", arguments: {}, ...params };
  return await conversation.request("tools/call", modern(whole, withForms));
}

/** Repeats a call with the user's answer. */
function answering({ result }: Message, response: unknown, params: Params = {}): Params {
  return {
    ...params,
    requestState: result?.requestState,
    inputResponses: { consent: response },
  };
}

function isAsked({ result }: Message): boolean {
  return result?.resultType === "input_required";
}

/** The text that the model reads. */
function textOf({ result }: Message): string {
  const [block] = Array.isArray(result?.content) ? result.content : [];
  return block?.text ?? "";
}

Deno.test("tools/call returns the question as a form, and the call with its answer runs once", async () => {
  for (const elicitation of [{}, { form: {} }, { form: {}, url: {} }]) {
    const destroyer = makeDestroyer();
    await using conversation = serveTools([destroyer.tool]);
    const forms = { "io.modelcontextprotocol/clientCapabilities": { elicitation } };
    const params = { name: "lose_all", arguments: {} };
    const asked = await conversation.request("tools/call", modern(params, forms));
    const { requestState, _meta, ...result } = asked.result ?? {};
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
    assert(typeof requestState === "string" && requestState.length < 100);
    assert(_meta !== undefined);
    assertEquals(destroyer.runs, 0, "it was run before the answer");
    const again = { ...params, requestState, inputResponses: { consent: yes, more: 1 } };
    const done = await conversation.request("tools/call", modern(again, forms));
    assertEquals([textOf(done), done.result?.resultType], ["gone", "complete"]);
    assertEquals(destroyer.runs, 1);
    assert(conversation.messages.every(({ method }) => method === undefined), "a request was sent");
  }
});

Deno.test("tools/call treats anything but a checked box as a no, worded as in the older revision", async (t) => {
  for (const [name, [response, words]] of Object.entries(refusals)) {
    await t.step(name, async () => {
      const destroyer = makeDestroyer();
      await using conversation = serveTools([destroyer.tool]);
      const asked = await call(conversation);
      const refused = await call(conversation, answering(asked, response));
      assertEquals([refused.result?.isError, refused.result?.resultType], [true, "complete"]);
      assertStringIncludes(textOf(refused), words);
      assertEquals((await call(conversation, answering(asked, yes))).error?.code, -32602);
      assertEquals(destroyer.runs, 0);
    });
  }
});

/** Makes a tool like {@linkcode makeDestroyer} does, but with an argument. */
function makeLooser(questions: () => string): { readonly tool: Tool; readonly runs: unknown[] } {
  const runs: unknown[] = [];
  const tool = makeTool({
    name: "lose_all",
    effect: "destroy",
    consent: () => {
      const message = questions();
      return Promise.resolve({ question: { message, confirm: "Lose it" }, agreed: { message } });
    },
    run: (_args, _context, agreed) => {
      runs.push(agreed);
      return Promise.resolve({ word: "gone", items: [] });
    },
  });
  return { tool, runs };
}

Deno.test("an answer counts only for the call that it was given for, once, and before it expires", async (t) => {
  type Misuse = (asked: Message) => Params;
  const misuses: Readonly<Record<string, Misuse>> = {
    "a forged state": (asked) => ({ ...answering(asked, yes), requestState: crypto.randomUUID() }),
    "a changed state": (asked) => ({
      ...answering(asked, yes),
      requestState: `${asked.result?.requestState}-TAMPERED`,
    }),
    "an empty state": (asked) => ({ ...answering(asked, yes), requestState: "" }),
    "a state of 100,000 characters": (asked) => ({
      ...answering(asked, yes),
      requestState: "x".repeat(100_000),
    }),
    "other arguments": (asked) => answering(asked, yes, { arguments: { word: "other" } }),
    "another tool": (asked) => answering(asked, yes, { name: "lose_more" }),
  };
  for (const [name, misuse] of Object.entries(misuses)) {
    await t.step(`${name} is rejected`, async () => {
      const [one, two] = [makeLooser(() => "Lose it?"), makeLooser(() => "Lose it?")];
      await using conversation = serveTools([one.tool, { ...two.tool, name: "lose_more" }]);
      const refused = await call(conversation, misuse(await call(conversation)));
      assertEquals(refused.error?.code, -32602);
      assertStringIncludes(refused.error?.message ?? "", "call again without it");
      assertEquals([one.runs, two.runs], [[], []]);
      assert(isAsked(await call(conversation)), "it cannot be asked anew");
    });
  }
  const unanswered: Readonly<Record<string, Params>> = {
    "a state without an answer": { inputResponses: undefined },
    "an answer to another question": { inputResponses: { other: yes } },
    "an answer that is null": { inputResponses: { consent: null } },
    "an answer that is inherited": { inputResponses: { toString: yes } },
    "an answer without a state": { requestState: undefined },
  };
  for (const [name, more] of Object.entries(unanswered)) {
    await t.step(`${name} gets the question again`, async () => {
      const { tool, runs } = makeLooser(() => "Lose it?");
      await using conversation = serveTools([tool]);
      const asked = await call(conversation);
      const again = await call(conversation, { ...answering(asked, yes), ...more });
      assert(isAsked(again), JSON.stringify(again));
      assertEquals(runs, []);
      assertEquals(textOf(await call(conversation, answering(again, yes))), "gone");
    });
  }
  await t.step("an answer that is not an object counts as absent", async () => {
    const { tool, runs } = makeLooser(() => "Lose it?");
    await using conversation = serveTools([tool]);
    const refused = await call(conversation, answering(await call(conversation), "yes"));
    assertStringIncludes(textOf(refused), "its answer was none of accept, decline and cancel");
    assertEquals(runs, []);
  });
  await t.step("a second use is rejected, even a concurrent one", async () => {
    const { tool, runs } = makeLooser(() => "Lose it?");
    await using conversation = serveTools([tool]);
    const asked = await call(conversation);
    const both = await Promise.all([1, 2].map(() => call(conversation, answering(asked, yes))));
    assertEquals(both.filter(({ error }) => error?.code === -32602).length, 1);
    assertEquals((await call(conversation, answering(asked, yes))).error?.code, -32602);
    assertEquals(runs.length, 1);
  });
  await t.step("an expired one is rejected", async () => {
    const { tool, runs } = makeLooser(() => "Lose it?");
    await using conversation = serveTools([tool], { questionMs: 0 });
    const late = await call(conversation, answering(await call(conversation), yes));
    assertEquals(late.error?.code, -32602);
    assertEquals(runs, []);
  });
  await t.step("another process rejects it", async () => {
    const { tool, runs } = makeLooser(() => "Lose it?");
    await using one = serveTools([tool]);
    await using other = serveTools([tool]);
    const asked = await call(one);
    assertEquals((await call(other, answering(asked, yes))).error?.code, -32602);
    assertEquals(runs, []);
  });
});

Deno.test("a call with its members in another order is the same call", async () => {
  const { tool, runs } = makeLooser(() => "Lose it?");
  const input = z.strictObject({ map: z.record(z.string(), z.string()), word: z.string() });
  await using conversation = serveTools([{ ...tool, input }]);
  const asked = await call(conversation, { arguments: { word: "w", map: { a: "1", b: "2" } } });
  const args = { map: { b: "2", a: "1" }, word: "w" };
  await call(conversation, answering(asked, yes, { arguments: args }));
  assertEquals(runs.length, 1);
});

Deno.test("a question that has changed since is asked again, and its answer binds run", async () => {
  let message = "Lose 1?";
  const { tool, runs } = makeLooser(() => message);
  await using conversation = serveTools([tool]);
  const first = await call(conversation);
  message = "Lose 2?";
  const second = await call(conversation, answering(first, yes));
  assert(isAsked(second));
  assertStringIncludes(JSON.stringify(second.result?.inputRequests), "Lose 2?");
  assertEquals(runs, []);
  await call(conversation, answering(second, yes));
  assertEquals(runs, [{ message: "Lose 2?" }]);
});

Deno.test("a no is final, even if the question has changed or is gone", async (t) => {
  const noes = [{ action: "decline" }, { action: "cancel" }, {
    action: "accept",
    content: { confirm: false },
  }];
  for (const later of ["Lose 2?", undefined]) {
    for (const no of noes) {
      await t.step(`${later ?? "none"} after ${JSON.stringify(no)}`, async () => {
        let [message, runs]: [string | undefined, number] = ["Lose 1?", 0];
        const tool = makeTool({
          name: "lose_all",
          consent: () =>
            Promise.resolve({
              question: message === undefined ? undefined : { message, confirm: "Lose it" },
            }),
          run: () => Promise.resolve({ word: `${++runs}`, items: [] }),
        });
        await using conversation = serveTools([tool]);
        const asked = await call(conversation);
        message = later;
        const refused = await call(conversation, answering(asked, no));
        assertStringIncludes(textOf(refused), "The user declined: Lose 1?");
        assertEquals([refused.result?.isError, runs], [true, 0]);
      });
    }
  }
});

Deno.test("run gets the state behind the answered question, not a later one", async () => {
  let reads = 0;
  const seen: unknown[] = [];
  const tool = makeTool({
    name: "lose_all",
    consent: () =>
      Promise.resolve({ question: { message: "Lose it?", confirm: "Yes" }, agreed: ++reads }),
    run: (_args, _context, agreed) => {
      seen.push(agreed);
      return Promise.resolve({ word: "gone", items: [] });
    },
  });
  await using conversation = serveTools([tool]);
  await call(conversation, answering(await call(conversation), yes));
  assertEquals([reads, seen], [2, [1]]);
});

Deno.test("a client without forms gets the same result as in the older revision", async (t) => {
  const modes: readonly ConsentMode[] = ["auto", "always", "never"];
  for (const mode of modes) {
    for (const capabilities of [{}, { elicitation: { url: {} } }, { roots: {} }]) {
      await t.step(`${mode}, ${JSON.stringify(capabilities)}`, async () => {
        const [old, now] = [makeDestroyer(), makeDestroyer()];
        await using before = serveTools([old.tool], { consent: mode });
        await before.initialize(capabilities);
        const params = { name: "lose_all", arguments: {} };
        const { result: expected } = await before.request("tools/call", params);
        await using conversation = serveTools([now.tool], { consent: mode });
        const meta = { "io.modelcontextprotocol/clientCapabilities": capabilities };
        const answer = await conversation.request("tools/call", modern(params, meta));
        const { resultType, _meta, ...result } = answer.result ?? {};
        assertEquals([resultType, now.runs], ["complete", old.runs]);
        const { _meta: _, ...unstamped } = expected ?? {};
        assertEquals(result, unstamped);
      });
    }
  }
});

Deno.test("forms declared in initialize or with another request are ignored", async () => {
  const destroyer = makeDestroyer();
  await using conversation = serveTools([destroyer.tool], { consent: "always" });
  await conversation.initialize({ elicitation: {} });
  assert(isAsked(await call(conversation)));
  const { result } = await conversation.request("tools/call", modern({ name: "lose_all" }));
  assertEquals([result?.isError, destroyer.runs], [true, 0]);
});

Deno.test("an answer from a client that declares no forms is -32021, and a no stays a no", async () => {
  const destroyer = makeDestroyer();
  await using conversation = serveTools([destroyer.tool]);
  const asked = await call(conversation);
  const params = { name: "lose_all", arguments: {}, ...answering(asked, { action: "decline" }) };
  const { error } = await conversation.request("tools/call", modern(params));
  assertEquals(error?.code, -32021);
  assertEquals(error?.data, { requiredCapabilities: { elicitation: { form: {} } } });
  assertEquals((await call(conversation, answering(asked, yes))).error?.code, -32602);
  assertEquals(destroyer.runs, 0);
});

Deno.test("a malformed answer is -32602, and the tool does not run", async () => {
  const destroyer = makeDestroyer();
  await using conversation = serveTools([destroyer.tool]);
  for (
    const params of [
      { requestState: 7 },
      { requestState: "x", inputResponses: [] },
      { inputResponses: "yes" },
    ]
  ) {
    const { error } = await call(conversation, params);
    assertEquals(error?.code, -32602, JSON.stringify(params));
  }
  assertEquals(destroyer.runs, 0);
});

Deno.test("a request of the older revision that carries an answer asks anew", async () => {
  const destroyer = makeDestroyer();
  await using conversation = serveTools([destroyer.tool]);
  await conversation.initialize({ elicitation: {} });
  const asked = await call(conversation);
  const params = { name: "lose_all", arguments: {}, ...answering(asked, yes) };
  const answered = conversation.request("tools/call", params);
  const { id = null } = await conversation.next(({ method }) => method === "elicitation/create");
  assertEquals(destroyer.runs, 0);
  await conversation.send({ id, result: yes });
  await answered;
  assertEquals(destroyer.runs, 1);
});

Deno.test('consent "never" puts no question, and "always" puts one before a shell', async () => {
  for (const [mode, asked] of [["auto", false], ["never", false], ["always", true]] as const) {
    const question = { message: "Run it?", confirm: "Run it" };
    const tool = makeTool({
      name: "lose_all",
      reach: "shell",
      consent: () => Promise.resolve({ question }),
    });
    await using conversation = serveTools([tool], { consent: mode });
    assertEquals(isAsked(await call(conversation)), asked, mode);
  }
});

Deno.test("only the newest 100 questions of a flood can be answered", async () => {
  const { tool, runs } = makeLooser(() => "Lose it?");
  await using conversation = serveTools([tool]);
  const asked: Message[] = [];
  for (let count = 0; count < 1_000; count++) asked.push(await call(conversation));
  assert(asked[0]?.result?.requestState !== asked[1]?.result?.requestState);
  const [oldest, kept, newest] = [asked[899], asked[900], asked[999]];
  assert(oldest !== undefined && kept !== undefined && newest !== undefined);
  assertEquals(textOf(await call(conversation, answering(kept, yes))), "gone");
  assertEquals(textOf(await call(conversation, answering(newest, yes))), "gone");
  assertEquals((await call(conversation, answering(oldest, yes))).error?.code, -32602);
  assertEquals(runs.length, 2);
});

/** What a client may send, valid or not. */
interface Move {
  /** Index of the received `requestState` to send; past the last one: a forged one. */
  readonly state: number | undefined;
  readonly word: "a" | "b";
  readonly response: "accept" | "decline" | "unchecked" | undefined;
}

Deno.test("whatever a client sends, the tool runs once per yes to an open question about that call", async () => {
  const move: fc.Arbitrary<Move> = fc.record({
    state: fc.option(fc.nat(5), { nil: undefined }),
    word: fc.constantFrom("a", "b"),
    response: fc.constantFrom("accept", "decline", "unchecked", undefined),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 25 }), async (moves) => {
      const runs: unknown[] = [];
      const { tool } = makeLooser(() => "Lose it?");
      const counted: Tool = {
        ...tool,
        run: ({ word }) => {
          runs.push(word);
          return Promise.resolve({ word: "gone", items: [] });
        },
      };
      await using conversation = serveTools([counted]);
      const given: { readonly state: unknown; readonly word: string; isOpen: boolean }[] = [];
      const expected: string[] = [];
      for (const { state, word, response } of moves) {
        const question = state === undefined ? undefined : given[state];
        const content = { confirm: response === "accept" };
        const action = response === "unchecked" ? "accept" : response;
        const answer = await call(conversation, {
          arguments: { word },
          ...(state === undefined ? {} : { requestState: question?.state ?? "forged" }),
          ...(response === undefined ? {} : { inputResponses: { consent: { action, content } } }),
        });
        const isYes = question?.isOpen === true && question.word === word && response === "accept";
        if (isYes) expected.push(word);
        if (question !== undefined) question.isOpen = false;
        assertEquals(runs, expected);
        if (!isAsked(answer)) continue;
        given.push({ state: answer.result?.requestState, word, isOpen: true });
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("delete_container asks through the real process, and deletes what the question named", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connectProcess(daemon, { initialize: false });
  const request = (params: Params = {}) =>
    server.request(
      "tools/call",
      modern({ name: "delete_container", arguments: { username: "alice" }, ...params }, withForms),
    );
  const answered = (asked: Params, response: unknown) =>
    request({ requestState: asked.requestState, inputResponses: { consent: response } });

  await t.step("a no deletes nothing", async () => {
    const asked = await request();
    assertStringIncludes(JSON.stringify(asked.inputRequests), "Delete alice-container (running)");
    const declined = await answered(asked, { action: "decline" });
    assertEquals(declined.isError, true);
    assert(daemon.state("alice") !== undefined);
  });
  await t.step("a yes asks again if its state has changed", async () => {
    const asked = await request();
    await server.call("stop_container", { username: "alice" });
    const again = await answered(asked, yes);
    assertStringIncludes(JSON.stringify(again.inputRequests), "Delete alice-container (stopped)");
    assert(daemon.state("alice") !== undefined);
    const deleted = await answered(again, yes);
    assertEquals(deleted.isError ?? false, false);
    assertEquals(daemon.state("alice"), undefined);
  });
});
