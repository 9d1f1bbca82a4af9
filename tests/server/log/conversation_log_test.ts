import { assertEquals, assertStringIncludes } from "@std/assert";
import type { LoggingLevel } from "@modelcontextprotocol/sdk/types.js";
import { ConversationLog } from "../../../server/log/conversation_log.ts";
import { type Notice, Notices } from "../../../server/log/notices.ts";
import { withTrace } from "../../../client/internal.ts";
import { entryOf } from "../../../tools/entry.ts";
import { makeTool, serveTools } from "../fixture.ts";

/** A log, its lines, and what a client is sent of them. */
function makeLog({ trace = false, least }: { trace?: boolean; least?: LoggingLevel } = {}) {
  const lines: string[] = [];
  const notices: Notice[] = [];
  const log = new ConversationLog({
    client: { redact: (text) => text.replaceAll("S3CR3T", "[token]") },
    tools: { on: [entryOf(makeTool(), "tests")], off: new Map(), readOnly: false },
    log: (level, line) => lines.push(`${level}: ${line}`),
    trace,
  });
  return { log, lines, notices, reader: new Notices((notice) => notices.push(notice), least) };
}

Deno.test("ConversationLog redacts a line, shows what is hidden, and sets further lines apart for the client", () => {
  const { log, lines, notices, reader } = makeLog();
  log.to(reader)("warning", "one S3CR3T\u001b\ntwo\nthree");
  log.to()("error", "for stderr alone");
  assertEquals(lines, ["warning: one [token]\\u{1b}\ntwo\nthree", "error: for stderr alone"]);
  assertEquals(notices, [{
    level: "warning",
    logger: "containarium",
    data: "one [token]\\u{1b}\n    two\n    three",
  }]);
});

Deno.test("ConversationLog names the trace on stderr, and not to the client", async () => {
  const { log, lines, notices, reader } = makeLog();
  const traceparent = `00-${"a".repeat(32)}-b7ad6b7169203331-01`;
  await withTrace({ traceparent }, () => Promise.resolve(log.to(reader)("error", "x")));
  assertEquals(lines, [`error: x (trace ${"a".repeat(32)})`]);
  assertEquals(notices.map(({ data }) => data), ["x"]);
});

Deno.test("ConversationLog logs messages only where they are to be logged", () => {
  const message = { id: 1, method: "tools/call", params: { name: "say_word" } };
  const quiet = makeLog();
  quiet.log.message("in", message);
  assertEquals(quiet.lines, []);
  const { log, lines } = makeLog({ trace: true });
  log.message("in", message);
  log.message("out", { id: 1, result: {} });
  assertEquals(lines, ["debug: → tools/call 1: say_word", "debug: ← answer 1: "]);
});

Deno.test("ConversationLog logs what is wrong with the protocol on one line, redacted and cut", () => {
  const { log, lines } = makeLog();
  log.fault(new Error("of S3CR3T"));
  log.fault(new Error("x".repeat(5_000)));
  assertEquals(lines, [
    "warning: of [token]",
    `warning: ${"x".repeat(4_000)}… (5000 characters)`,
  ]);
});

Deno.test("Notices has what is severe enough, 20 in a while", () => {
  const sent = (least?: LoggingLevel) => {
    const { notices, reader } = makeLog({ ...(least === undefined ? {} : { least }) });
    for (const level of ["debug", "info", "warning", "error"] as const) reader.log(level, level);
    return notices.map(({ level }) => level);
  };
  assertEquals(sent(), ["warning", "error"]);
  assertEquals(sent("debug"), ["debug", "info", "warning", "error"]);
  assertEquals(sent("notice"), ["warning", "error"]);
  assertEquals(sent("error"), ["error"]);
  assertEquals(sent("critical"), []);
  const { notices, reader } = makeLog();
  for (let at = 1; at <= 30; at++) reader.log("error", `${at}`);
  assertEquals([notices.length, notices.at(-1)?.data], [20, "20"]);
});

Deno.test("Notices says how many messages were left out, once ten seconds are over", () => {
  let now = 1_000;
  Object.defineProperty(performance, "now", { value: () => now, configurable: true });
  try {
    const { notices, reader } = makeLog();
    const tell = (count: number) => {
      for (let at = 0; at < count; at++) reader.log("error", "x");
      return notices.splice(0).map(({ level, data }) => `${level}: ${data}`);
    };
    assertEquals(tell(23), Array(20).fill("error: x"));
    now += 9_999;
    assertEquals(tell(2), []);
    now += 1;
    assertEquals(tell(1), ["warning: 5 messages were left out", "error: x"]);
    assertEquals(tell(20), Array(19).fill("error: x"));
    now += 10_000;
    assertEquals(tell(1), ["warning: 1 messages were left out", "error: x"]);
    now += 10_000;
    assertEquals(tell(1), ["error: x"]);
  } finally {
    Reflect.deleteProperty(performance, "now");
  }
});

Deno.test("an answer to no question is logged as a warning, and the server goes on", async () => {
  const lines: string[] = [];
  await using server = serveTools(
    [makeTool()],
    {},
    (level, line) => lines.push(`${level}: ${line}`),
  );
  await server.initialize();
  await server.send({ id: 999, result: {} });
  const { result } = await server.request("ping", {});
  assertEquals(result, {});
  assertEquals(lines.length, 1, lines.join("\n"));
  assertStringIncludes(`${lines[0]}`, "warning: Received a response for an unknown message ID");
});

Deno.test("a client of an older revision gets warnings as soon as it has introduced itself", async () => {
  const tool = makeTool({
    run: (_args, { log }) => {
      log("warning", "careful");
      return Promise.resolve({ word: "w", items: [] });
    },
  });
  await using server = serveTools([tool]);
  const notices = () => server.messages.filter(({ method }) => method === "notifications/message");
  await server.request("tools/call", { name: "say_word" });
  assertEquals(notices(), []);
  await server.initialize();
  await server.request("tools/call", { name: "say_word" });
  assertEquals(notices().map(({ params }) => params), [
    { level: "warning", logger: "containarium", data: "careful" },
  ]);
});
