/** A question on a terminal, and what of the input is its answer. */
import { assertEquals } from "@std/assert";
import { askOnTerminal } from "../../cli/call/ask_on_terminal.ts";

/** Asks a user who has typed `before` already; returns whether they agree, and what happened. */
async function ask(before: readonly string[], after: string): Promise<readonly unknown[]> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const type = (text: string) => {
    writer.write(new TextEncoder().encode(text)).catch(() => {});
  };
  for (const text of before) type(text);
  const events: unknown[] = [];
  const isYes = await askOnTerminal({ message: "It is lost", confirm: "Lose it" }, {
    input: readable,
    terminal: { setCbreak: (isCbreak) => events.push(isCbreak) },
    write: () => {
      events.push("asked");
      type(after);
    },
    signal: new AbortController().signal,
  });
  return [isYes, ...events];
}

Deno.test("askOnTerminal() takes only what is typed after the question for its answer", async () => {
  const order = [true, false, "asked"];
  assertEquals(await ask(["y\n", "yes"], "n\n"), [false, ...order]);
  assertEquals(await ask(["y"], "\n"), [false, ...order]);
  assertEquals(await ask(["n\n"], "y\n"), [true, ...order]);
  assertEquals(await ask([], "yes\n"), [true, ...order]);
});
