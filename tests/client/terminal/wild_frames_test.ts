/** Whatever a terminal's connection carries: messages of any content, and bytes that are no messages. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { LinkOpener } from "../../../client/terminal/link_opener.ts";
import { TerminalSocket } from "../../../client/terminal/socket.ts";
import { ApiPath } from "../../../client/transport/api_path.ts";
import { welcome, writeAll } from "./flood.ts";

const encoder = new TextEncoder();
const TEXT = 0x81;
const BINARY = 0x82;

/** What was heard of one connection, until it was gone. */
interface Heard {
  readonly output: string;
  readonly reason: string | undefined;
}

/** Connects to a terminal that writes those bytes, and ends. */
async function hear(bytes: Uint8Array): Promise<Heard> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using links = new LinkOpener([], "direct");
  const serving = (async () => {
    using connection = await listener.accept();
    const request = new Uint8Array(4_096);
    const length = await connection.read(request) ?? 0;
    await writeAll(
      connection,
      await welcome(new TextDecoder().decode(request.subarray(0, length))),
    );
    await writeAll(connection, bytes);
    await connection.closeWrite();
    // Until the client has gone.
    while (await connection.read(request).catch(() => null) !== null);
  })();
  const socket = await TerminalSocket.connect({
    serverUrl: new URL(`http://127.0.0.1:${listener.addr.port}`),
    path: new ApiPath("containers", "alice", "terminal"),
    headers: {},
    links,
    signal: new AbortController().signal,
  });
  let output = "";
  socket.onOutput = (text) => output += text;
  const reason = await socket.dropped;
  await serving;
  return { output, reason };
}

function frame(kind: number, payload: Uint8Array): readonly number[] {
  const { length } = payload;
  const size = length < 126 ? [length] : [126, length >> 8, length & 255];
  return [kind, ...size, ...payload];
}

const text = fc.string({ unit: "grapheme", maxLength: 300 });
const message = fc.oneof(
  fc.record({ type: fc.constantFrom("output", "error"), data: text }),
  fc.record({ type: fc.constantFrom("output", "error", "input", 7), data: fc.jsonValue() }),
  fc.dictionary(fc.constantFrom("type", "data", "__proto__"), fc.constantFrom("output", "x", null)),
  fc.jsonValue({ maxDepth: 2 }),
).map((value) => ({ kind: TEXT, text: JSON.stringify(value) }));
const noise = fc.record({ kind: fc.constantFrom(TEXT, BINARY), text });
const binary = message.map(({ text }) => ({ kind: BINARY, text }));

Deno.test("TerminalSocket hears the output and the last reason of any messages, and nothing else", async () => {
  const messages = fc.array(fc.oneof(message, noise, binary), { maxLength: 12 });
  await fc.assert(fc.asyncProperty(messages, async (all) => {
    const heard = await hear(
      Uint8Array.from(all.flatMap(({ kind, text }) => frame(kind, encoder.encode(text)))),
    );
    const said = all.filter(({ kind }) => kind === TEXT).flatMap(({ text }) => wordsIn(text));
    assertEquals(heard, {
      output: said.filter(({ type }) => type === "output").map(({ data }) => data).join(""),
      reason: said.findLast(({ type }) => type === "error")?.data,
    });
  }));
});

/** As the daemon's own client reads it. */
function wordsIn(text: string): readonly { readonly type: unknown; readonly data: string }[] {
  try {
    const { type, data } = JSON.parse(text) ?? {};
    return typeof data === "string" ? [{ type, data }] : [];
  } catch {
    return [];
  }
}

Deno.test("TerminalSocket ends with bytes that are no messages, and only then", async () => {
  const whole = message.map(({ kind, text }) => frame(kind, encoder.encode(text)));
  const piece = fc.oneof(whole, fc.uint8Array({ maxLength: 40 }).map((bytes) => [...bytes]));
  await fc.assert(fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (pieces) => {
    const { output } = await hear(Uint8Array.from(pieces.flat()));
    assertEquals(typeof output, "string");
  }));
});
