import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type Ending, type Message, type Peer, Session } from "./session.ts";

/** A server that says and logs what it is made to, and ends with its input. */
class Puppet implements Peer {
  readonly stdin: WritableStream<Uint8Array>;
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  readonly status: Promise<Ending>;
  readonly #out = new TransformStream<Uint8Array, Uint8Array>();
  readonly #errors = new TransformStream<Uint8Array, Uint8Array>();
  readonly #outWriter = this.#out.writable.getWriter();
  readonly #errorWriter = this.#errors.writable.getWriter();

  /** @param answer Returns what is said to each line of the input */
  constructor(answer: (line: string) => readonly Message[] = () => []) {
    const { promise, resolve } = Promise.withResolvers<Ending>();
    this.status = promise;
    this.stdout = this.#out.readable;
    this.stderr = this.#errors.readable;
    this.stdin = new WritableStream({
      write: (bytes) => {
        this.say(...answer(new TextDecoder().decode(bytes).trim()));
      },
      close: async () => {
        await Promise.all([this.#outWriter.close(), this.#errorWriter.close()]);
        resolve({ code: 0, signal: null });
      },
    });
  }

  /** Writes messages to stdout. */
  say(...messages: readonly Message[]): void {
    const lines = messages.map((message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    this.#outWriter.write(new TextEncoder().encode(lines.join("")));
  }

  /** Writes text to stderr. */
  log(text: string): void {
    this.#errorWriter.write(new TextEncoder().encode(text));
  }
}

const note = (n: number): Message => ({ method: "notifications/n", params: { n } });

Deno.test("Session.next looks at each message once, however many come while it waits", async () => {
  const puppet = new Puppet();
  await using session = new Session(puppet);
  const count = 1_000;
  let looks = 0;
  const last = session.next(({ params }) => {
    looks++;
    return params?.n === count;
  });
  for (let n = 1; n <= count; n++) puppet.say(note(n));
  assertEquals((await last).params, { n: count });
  assertEquals(looks, count);
});

Deno.test("Session.next returns the first that fits, received already or yet to come", async () => {
  const puppet = new Puppet();
  await using session = new Session(puppet);
  puppet.say(note(1), note(2), note(3));
  await session.next(({ params }) => params?.n === 3);
  const earlier = await session.next(({ params }) => Number(params?.n) > 1);
  assertEquals(earlier.params, { n: 2 });
  const later = session.next(({ params }) => params?.n === 4);
  puppet.say(note(4));
  assertEquals((await later).params, { n: 4 });
});

Deno.test("Session.request gets the answer to its id, in whatever order answers come", async () => {
  let held: Message | undefined;
  const puppet = new Puppet((line) => {
    const { id, method } = JSON.parse(line);
    const answer: Message = { id, result: { method } };
    if (method !== "first") return held === undefined ? [answer] : [answer, held];
    held = answer;
    // A request of the server's own may have the same id.
    return [{ id, method: "ping" }];
  });
  await using session = new Session(puppet);
  session.onRequest("ping", () => ({}));
  const first = session.request("first");
  assertEquals(await session.request("second"), { method: "second" });
  assertEquals(await first, { method: "first" });
});

Deno.test("a wait of a Session fails if the server ends before, with what it logged", async () => {
  const puppet = new Puppet();
  const session = new Session(puppet);
  const waits = [session.next(() => false), session.request("x"), session.whenStderr("never")]
    .map((wait) => assertRejects(() => wait, Error));
  puppet.log("a reason\n");
  await session.whenStderr("reason");
  await session.closeStdin();
  for (const { message } of await Promise.all(waits)) assertStringIncludes(message, "a reason");
  assertStringIncludes(
    (await assertRejects(() => session.next(() => false), Error)).message,
    "end",
  );
  await session[Symbol.asyncDispose]();
});
