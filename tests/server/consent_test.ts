/** The user is asked before something is lost. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { ConsentMode } from "../../server/mod.ts";
import { connect } from "../connect.ts";
import { startDaemon } from "../daemon/mod.ts";
import type { Message } from "../session.ts";
import type { Conversation } from "./converse.ts";
import { makeDestroyer, makeTool, secret, serveTools } from "./fixture.ts";
import { refusals } from "./refusals.ts";

const isQuestion = ({ method }: Message) => method === "elicitation/create";

const callParams = { name: "lose_all", arguments: {} };

async function begin(
  destroyer: ReturnType<typeof makeDestroyer>,
  elicitation: unknown,
  consent: ConsentMode = "auto",
): Promise<Conversation> {
  const conversation = serveTools([destroyer.tool], { consent, heartbeatMs: 4 });
  await conversation.initialize(elicitation === undefined ? {} : { elicitation });
  return conversation;
}

/** What the model reads. */
function textOf({ result }: Message): string {
  const [block] = Array.isArray(result?.content) ? result.content : [];
  return block?.text ?? "";
}

Deno.test("consent is a form with one required checkbox without default", async () => {
  for (const elicitation of [{}, { form: {} }, { form: {}, url: {} }]) {
    const destroyer = makeDestroyer();
    await using conversation = await begin(destroyer, elicitation);
    const call = conversation.request("tools/call", callParams);
    const question = await conversation.next(isQuestion);
    assertEquals<unknown>(question.params, {
      mode: "form",
      message: "Lose it all?",
      requestedSchema: {
        type: "object",
        properties: { confirm: { type: "boolean", title: "Lose it" } },
        required: ["confirm"],
      },
    });
    assertEquals(destroyer.runs, 0, "it was run before the answer");
    const result = { action: "accept", content: { confirm: true } };
    await conversation.send({ id: question.id ?? null, result });
    assertEquals(textOf(await call), "gone");
    assertEquals(destroyer.runs, 1);
  }
});

Deno.test("consent needs a checked box, and reports only the user's own no as theirs", async (t) => {
  const answers = Object.entries(refusals).map(([name, [result, words]]) =>
    [name, { result }, words] as const
  );
  const failed = [
    "an error",
    { error: { code: -1, message: "no screen" } },
    "could not be asked: ",
  ] as const;
  for (const [name, answer, words] of [...answers, failed]) {
    await t.step(name, async () => {
      const destroyer = makeDestroyer();
      await using conversation = await begin(destroyer, {});
      const call = conversation.request("tools/call", callParams);
      const { id = null } = await conversation.next(isQuestion);
      await conversation.send({ id, ...answer });
      const message = await call;
      assertEquals(message.result?.isError, true);
      assertStringIncludes(textOf(message), words);
      assertStringIncludes(textOf(message), "Lose it all?");
      assertEquals(destroyer.runs, 0);
    });
  }
});

Deno.test("consent withdraws a question without an answer, and does nothing", async () => {
  const destroyer = makeDestroyer();
  await using conversation = serveTools([destroyer.tool], { questionMs: 1 });
  await conversation.initialize({ elicitation: {} });
  const call = conversation.request("tools/call", callParams);
  const { id } = await conversation.next(isQuestion);
  const withdrawn = await conversation.next(({ method }) => method === "notifications/cancelled");
  assertEquals(withdrawn.params?.requestId, id);
  assertEquals(
    textOf(await call),
    "Not done: Lose it all?\nWhy: nobody answered the question in time, and it was withdrawn.\n" +
      "Next: do not call lose_all for it again unless the user asks.",
  );
  await conversation.send({
    id: id ?? null,
    result: { action: "accept", content: { confirm: true } },
  });
  await conversation.request("ping", {});
  assertEquals(destroyer.runs, 0);
});

Deno.test("consent tells the model how to proceed without a bypass if the client shows no forms", async () => {
  const destroyer = makeDestroyer();
  await using conversation = await begin(destroyer, {});
  const call = conversation.request("tools/call", callParams);
  const { id = null } = await conversation.next(isQuestion);
  await conversation.send({ id, result: { action: "accept" } });
  const text = textOf(await call);
  assertStringIncludes(text, "from a client that shows the form, or by hand on the host");
  for (const words of ["declined", "final", "CONTAINARIUM_CONSENT"]) {
    assert(!text.includes(words), text);
  }
});

Deno.test("consent without forms: auto runs, always refuses; never does not ask", async (t) => {
  const cases: readonly (readonly [ConsentMode, unknown, number])[] = [
    ["auto", undefined, 1],
    ["auto", { url: {} }, 1],
    ["always", undefined, 0],
    ["always", { url: {} }, 0],
    ["never", {}, 1],
  ];
  for (const [mode, elicitation, runs] of cases) {
    await t.step(`${mode}, ${JSON.stringify(elicitation)}`, async () => {
      const destroyer = makeDestroyer();
      await using conversation = await begin(destroyer, elicitation, mode);
      const message = await conversation.request("tools/call", callParams);
      assertEquals([destroyer.runs, message.result?.isError ?? false], [runs, runs === 0]);
      if (runs === 0) assertStringIncludes(textOf(message), "CONTAINARIUM_CONSENT=always");
      assert(!conversation.messages.some(isQuestion));
    });
  }
});

Deno.test("consent asks no question that is too long to read, and does nothing", async (t) => {
  for (const [mode, runs] of [["auto", 0], ["always", 0], ["never", 1]] as const) {
    await t.step(mode, async () => {
      let done = 0;
      const names = Array.from({ length: 9_000 }, (_, at) => `snapshot-${at}`).join(", ");
      const tool = makeTool({
        name: "lose_all",
        effect: "destroy",
        consent: () =>
          Promise.resolve({ question: { message: `Lose ${names}?`, confirm: "Lose it" } }),
        run: () => {
          done++;
          return Promise.resolve({ word: "gone", items: [] });
        },
      });
      await using conversation = serveTools([tool], { consent: mode });
      await conversation.initialize({ elicitation: {} });
      const text = textOf(await conversation.request("tools/call", callParams));
      assertEquals([done, conversation.messages.filter(isQuestion).length], [runs, 0]);
      if (runs > 0) return;
      assertStringIncludes(text, "too many to agree to at once");
      assert(text.length < 1_000, `${text.length} characters`);
    });
  }
});

Deno.test("run gets what consent read, in every mode, asked or not", async (t) => {
  const question = { message: "Lose it?", confirm: "Lose it" };
  const cases: readonly (readonly [ConsentMode, unknown, number])[] = [
    ["auto", undefined, 0],
    ["auto", {}, 1],
    ["always", {}, 1],
    ["never", undefined, 0],
    ["never", {}, 0],
  ];
  for (const [mode, elicitation, questions] of cases) {
    for (const asked of [question, undefined]) {
      const times = asked === undefined ? 0 : questions;
      await t.step(`${mode}, ${JSON.stringify(elicitation)}, asks ${times} times`, async () => {
        const seen: unknown[] = [];
        const tool = makeTool({
          name: "lose_all",
          consent: () => Promise.resolve({ question: asked, agreed: { createdAt: 7 } }),
          run: (_args, _context, agreed) => {
            seen.push(agreed);
            return Promise.resolve({ word: "gone", items: [] });
          },
        });
        await using conversation = serveTools([tool], { consent: mode });
        await conversation.initialize(elicitation === undefined ? {} : { elicitation });
        const call = conversation.request("tools/call", callParams);
        if (times > 0) {
          const { id = null } = await conversation.next(isQuestion);
          await conversation.send({ id, result: { action: "accept", content: { confirm: true } } });
        }
        await call;
        assertEquals(seen, [{ createdAt: 7 }]);
        assertEquals(conversation.messages.filter(isQuestion).length, times);
      });
    }
  }
});

Deno.test("a tool that reaches a shell is asked for consent only under always", async () => {
  for (const [mode, times] of [["auto", 0], ["never", 0], ["always", 1]] as const) {
    let consents = 0;
    const tool = makeTool({
      name: "lose_all",
      reach: "shell",
      consent: () => Promise.resolve(void consents++),
    });
    await using conversation = serveTools([tool], { consent: mode });
    await conversation.initialize({ elicitation: {} });
    await conversation.request("tools/call", callParams);
    assertEquals(consents, times, mode);
  }
});

Deno.test("consent reports rising progress while it waits for the user", async () => {
  const destroyer = makeDestroyer();
  await using conversation = await begin(destroyer, {});
  const call = conversation.request("tools/call", { ...callParams, _meta: { progressToken: "p" } });
  const { id = null } = await conversation.next(isQuestion);
  const told = () =>
    conversation.messages.filter(({ method }) => method === "notifications/progress");
  await conversation.next(() => told().length >= 4);
  const values = told().map(({ params }) => Number(params?.progress));
  assert(values.every((value, i) => i === 0 || value > (values[i - 1] ?? 0)), values.join());
  assertEquals(told()[0]?.params?.message, "Waiting for the user's answer: Lose it");
  await conversation.send({ id, result: { action: "decline" } });
  await call;
});

Deno.test("consent withdraws the question if the call is cancelled, and does nothing", async () => {
  const destroyer = makeDestroyer();
  await using conversation = await begin(destroyer, {});
  await conversation.send({ id: 7, method: "tools/call", params: callParams });
  const { id = null } = await conversation.next(isQuestion);
  await conversation.send({ method: "notifications/cancelled", params: { requestId: 7 } });
  const taken = await conversation.next(({ method }) => method === "notifications/cancelled");
  assertEquals<unknown>(taken.params?.requestId, id);
  // A late answer changes nothing.
  await conversation.send({ id, result: { action: "accept", content: { confirm: true } } });
  await conversation.request("ping", {});
  assertEquals(destroyer.runs, 0);
  assert(!conversation.messages.some((message) => message.id === 7 && message.result));
});

Deno.test("consent ends an open question at the end of input, and does nothing", async () => {
  const destroyer = makeDestroyer();
  await using conversation = await begin(destroyer, {});
  await conversation.send({ id: 7, method: "tools/call", params: callParams });
  await conversation.next(isQuestion);
  await conversation.close();
  await conversation.ended;
  assertEquals(destroyer.runs, 0);
});

Deno.test("consent never shows the token", async () => {
  const tool = makeTool({
    name: "lose_all",
    consent: () =>
      Promise.resolve({ question: { message: `Lose ${secret}?`, confirm: "Lose it" } }),
  });
  await using conversation = serveTools([tool], { consent: "always" });
  await conversation.initialize();
  assertStringIncludes(textOf(await conversation.request("tools/call", callParams)), "[token]");
});

Deno.test("delete_container asks through the real process, naming what is lost", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon, { capabilities: { elicitation: {} } });
  const questions: unknown[] = [];
  let action = "decline";
  server.onRequest("elicitation/create", ({ message }) => {
    questions.push(message);
    return { action, content: { confirm: true } };
  });
  const declined = await server.call("delete_container", { username: "alice" });
  assertEquals(declined.isError, true);
  assertStringIncludes(declined.text, "The user declined: Delete alice-container");
  assert(daemon.state("alice") !== undefined);
  action = "accept";
  const accepted = await server.call("delete_container", { username: "alice" });
  assertEquals([accepted.isError, questions.length], [false, 2]);
  assertEquals(daemon.state("alice"), undefined);
});

Deno.test("an answer to the question that is malformed ends the call, and nothing is answered to it", async (t) => {
  const answers: Readonly<Record<string, object>> = {
    "no result": { result: null },
    "an error of another shape": { error: { code: "x" } },
    "content of another shape": { result: { action: "accept", content: { confirm: [true] } } },
  };
  for (const [name, answer] of Object.entries(answers)) {
    await t.step(name, async () => {
      const destroyer = makeDestroyer();
      await using conversation = await begin(destroyer, {});
      const call = conversation.request("tools/call", callParams);
      const question = await conversation.next(isQuestion);
      await conversation.send({ id: question.id, ...answer });
      const text = textOf(await call);
      assertStringIncludes(text, "the user could not be asked: ");
      assert(!/[{[]/.test(text), text);
      assertEquals(text.split("\n").length, 3, text);
      assertEquals(destroyer.runs, 0);
      assert(!conversation.messages.some(({ id, error }) => id === question.id && error));
    });
  }
  await t.step("a right answer with more to it is right", async () => {
    const destroyer = makeDestroyer();
    await using conversation = await begin(destroyer, {});
    const call = conversation.request("tools/call", callParams);
    const question = await conversation.next(isQuestion);
    const result = { action: "accept", content: { confirm: true } };
    await conversation.send({ id: question.id, result, error: null, more: 1 });
    await call;
    assertEquals(destroyer.runs, 1);
  });
});
