import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { ContainariumError } from "../../../client/mod.ts";
import { CallLimit } from "../../../server/calls/call_limit.ts";
import type { Tool } from "../../../tools/mod.ts";
import { runCommand } from "../../../tools/terminal/run_command.ts";
import type { Message } from "../../session.ts";
import { makeTool, serveTools } from "../fixture.ts";

const patient = { slackMs: 60_000, graceMs: 60_000 };

/** Calls a tool with a short time limit. */
async function callIn(
  limits: { readonly slackMs: number; readonly graceMs: number },
  parts: Partial<Tool>,
  args: Readonly<Record<string, unknown>> = {},
): Promise<Message> {
  await using conversation = serveTools([makeTool(parts)], { callLimits: limits });
  await conversation.initialize({ elicitation: {} });
  return await conversation.request("tools/call", { name: "say_word", arguments: args });
}

function textOf({ result = {} }: Message): string {
  const [block] = Array.isArray(result.content) ? result.content : [];
  return block?.text ?? "";
}

const word = z.strictObject({ word: z.string().default("hello") });

/** A tool that ends when its signal is aborted, with the signal's reason. */
const untilAborted: Tool["run"] = (_args, { signal }) =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason));
  });

Deno.test("a call over its time limit fails with timeout, and says what to read", async (t) => {
  const cases = [
    ["a change", { effect: "write", input: word }, "list_containers"],
    ["a change of one container", {
      effect: "destroy",
      input: word.extend({ username: z.string().default("alice") }),
    }, 'get_container(username="alice")'],
    ["a read", { effect: "read", input: word }, "get_system_info"],
  ] as const;
  for (const [name, parts, next] of cases) {
    await t.step(name, async () => {
      let reason: unknown;
      const run: Tool["run"] = (args, context) => {
        context.signal.addEventListener("abort", () => reason = context.signal.reason);
        return untilAborted(args, context);
      };
      const message = await callIn({ ...patient, slackMs: 1 }, { ...parts, run });
      assert(reason instanceof ContainariumError);
      assertEquals(reason.code, "timeout");
      assertEquals(message.result?.isError, true);
      assertEquals(message.result?._meta, { "containarium/code": "timeout" });
      const [what = "", advice = ""] = textOf(message).split("\n");
      assertStringIncludes(what, "say_word did not end within 1 s, so this server ended it. ");
      assertStringIncludes(
        what,
        parts.effect === "read" ? "Nothing was changed." : "may have been done",
      );
      assertStringIncludes(advice, `Next: call ${next} to see`);
    });
  }
});

Deno.test("a call that ignores its abort is answered all the same", async () => {
  const never = Promise.withResolvers<never>();
  const message = await callIn({ slackMs: 1, graceMs: 1 }, { run: () => never.promise });
  assertEquals(message.result?.isError, true);
  assertStringIncludes(textOf(message), "say_word did not end within 1 s");
});

Deno.test("a call's time limit comes from its arguments or its tool", async () => {
  const takeLong: Tool["run"] = async (_args, { signal }) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    signal.throwIfAborted();
    return { word: "done", items: [] };
  };
  const limits = { ...patient, slackMs: 1 };
  const input = word.extend({ wait_seconds: z.int().default(60) });
  assertEquals(textOf(await callIn(limits, { input, run: takeLong })), "done");
  const stated = await callIn(limits, { longestSeconds: () => 60, run: takeLong });
  assertEquals(textOf(stated), "done");
  const asked = await callIn(limits, { input, run: takeLong }, { wait_seconds: 0 });
  assertStringIncludes(textOf(asked), "did not end");
  const counting = { input: word.extend({ count: z.int().default(60) }), run: takeLong };
  assertStringIncludes(textOf(await callIn(limits, counting)), "did not end");
});

Deno.test("run_command gets its full time in each of several containers", () => {
  const args = { command: "true", "as_root": false, "timeout_seconds": 60 };
  assertEquals(runCommand.longestSeconds?.({ ...args, username: "alice" }), 60);
  assertEquals(runCommand.longestSeconds?.({ ...args, usernames: ["alice", "bob"] }), 120);
  assertEquals(runCommand.longestSeconds?.({ ...args, usernames: ["ci-*"] }), 6_000);
});

Deno.test("the time limit of a call excludes questions to the user", async () => {
  using limit = new CallLimit({ slackMs: 1, graceMs: 1 }, new AbortController().signal);
  const answer = await limit.run(makeTool(), {}, () =>
    limit.pausedWhile("say_word", async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return limit.signal.aborted ? "ended" : "answered";
    }));
  assertEquals(answer, "answered");
});

Deno.test("the signal of a call is linked to its callers until the work that outlives it has ended", async () => {
  const work = Promise.withResolvers<void>();
  const linked = async (...going: readonly Promise<unknown>[]) => {
    const caller = new AbortController();
    const limit = new CallLimit({ slackMs: 1_000, graceMs: 1 }, caller.signal);
    await limit.run(makeTool(), {}, () => Promise.resolve());
    for (const one of going) limit.continueAfterAnswer(one);
    limit[Symbol.dispose]();
    return () => {
      caller.abort();
      return limit.signal.aborted;
    };
  };
  assertEquals((await linked())(), false);
  assertEquals((await linked(Promise.resolve(), work.promise))(), true);
  const ended = await linked(work.promise);
  work.resolve();
  await work.promise;
  // What follows the end of the work comes after this test's own turn.
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(ended(), false);
});

Deno.test("a question pauses the time limit of its call", async () => {
  const parts: Partial<Tool> = {
    consent: () => Promise.resolve({ question: { message: "Lose it?", confirm: "Lose it" } }),
    run: (_args, { signal }) => {
      signal.throwIfAborted();
      return Promise.resolve({ word: "agreed", items: [] });
    },
  };
  const callLimits = { slackMs: 500, graceMs: 1 };
  await using conversation = serveTools([makeTool(parts)], { callLimits });
  await conversation.initialize({ elicitation: {} });
  const call = conversation.request("tools/call", { name: "say_word", arguments: {} });
  const { id = null } = await conversation.next(({ method }) => method === "elicitation/create");
  await new Promise((resolve) => setTimeout(resolve, 2 * callLimits.slackMs));
  await conversation.send({ id, result: { action: "accept", content: { confirm: true } } });
  assertEquals(textOf(await call), "agreed");
});
