import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { AgentParser, type Message, type Tail } from "../../../client/terminal/agent_parser.ts";

const nonce = "0123456789abcdef01234567";
const bytes = (text: string) => new TextEncoder().encode(text);
const lines = (...all: string[]) => all.map((line) => `${line}\n`).join("");

const conversation = lines(
  "alice@box:~$ ",
  `${nonce} I 1000 bash setsid z=1`,
  `${nonce} C 8 aGVsbG8=`,
  "Broadcast message from root: going down!",
  `${nonce} D 1`,
  `${nonce} R 1 3 -`,
  `${nonce} B o p 6 3015617425`,
  "aGVs",
  "bG8K",
  "something of the terminal's own, with spaces",
  `${nonce} T o z 9 - 70000`,
  "AAAA",
  `${nonce} B e p 0 -`,
  `${nonce} E 1 4`,
  `${nonce} R 2 143 timeout`,
  `${nonce} B o p 0 -`,
  `${nonce} B e p 3 7`,
  "YWJj",
  `${nonce} E 2 2`,
  `${nonce} Q 4711 gone`,
  `${nonce} F upload 3`,
);

const empty = { bytes: 0, checksum: undefined, isGzip: false, data: new Uint8Array() };
const meant: readonly Message[] = [
  { kind: "ready" },
  { kind: "piece", base64: "aGVsbG8=" },
  {
    kind: "answer",
    answer: {
      id: 1,
      exitCode: 3,
      endedBy: undefined,
      stdout: {
        head: { bytes: 6, checksum: 3015617425, isGzip: false, data: bytes("hello\n") },
        tail: {
          block: { bytes: 9, checksum: undefined, isGzip: true, data: bytes("\0\0\0") },
          total: 70_000,
          isAtLeast: false,
        },
      },
      stderr: { head: empty },
    },
  },
  {
    kind: "answer",
    answer: {
      id: 2,
      exitCode: 143,
      endedBy: "timeout",
      stdout: { head: empty },
      stderr: { head: { bytes: 3, checksum: 7, isGzip: false, data: bytes("abc") } },
    },
  },
  { kind: "gone", pid: 4711 },
  { kind: "failed", reason: "upload" },
];

function parse(pieces: readonly string[], nonceOf = nonce): Message[] {
  const parser = new AgentParser(nonceOf);
  return pieces.flatMap((piece) => [...parser.push(piece)]);
}

/** A text cut at each of the places. */
function cut(text: string, places: readonly number[]): string[] {
  const sorted = [0, ...places.map((place) => place % (text.length + 1)), text.length]
    .sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => text.slice(sorted[index], end));
}

Deno.test("AgentParser reads the agent's messages and ignores other output", () => {
  assertEquals(parse([conversation]), [...meant]);
});

Deno.test("AgentParser reads the same messages however the text is split", () => {
  const places = fc.array(fc.nat({ max: conversation.length }), { maxLength: 60 });
  fc.assert(fc.property(places, (at) => {
    assertEquals(parse(cut(conversation, at)), [...meant]);
  }));
  assertEquals(parse([...conversation]), [...meant]);
});

Deno.test("AgentParser reads random text the same, whole or split anywhere", () => {
  const words = fc.constantFrom("R", "B", "T", "E", "C", "F", "Q", "I", "o", "e", "p", "z", "-");
  const word = fc.oneof(words, fc.nat().map(String), fc.string());
  const line = fc.tuple(fc.boolean(), fc.array(word, { maxLength: 7 }))
    .map(([isOurs, all]) => [...(isOurs ? [nonce] : []), ...all].join(" "));
  const text = fc.array(line, { maxLength: 30 }).map((all) => all.join("\n"));
  fc.assert(fc.property(text, fc.array(fc.nat(), { maxLength: 20 }), (content, places) => {
    assertEquals(parse(cut(content, places)), parse([content]));
  }));
});

Deno.test("AgentParser ignores forged lines", () => {
  const forged = conversation.replaceAll(nonce, "f".repeat(24));
  assertEquals(parse([forged]), []);
  assertEquals(parse([conversation.replaceAll(`\n${nonce}`, `\n ${nonce}`)]), []);
});

Deno.test("AgentParser drops an endless line and reads the next one", () => {
  const endless = `${nonce} C 200000 ${"A".repeat(200_000)}\n${nonce} C 4 YQ==\n`;
  const only: readonly Message[] = [{ kind: "piece", base64: "YQ==" }];
  assertEquals(parse([endless]), [...only]);
  assertEquals(parse(cut(endless, [70_000, 140_000])), [...only]);
});

Deno.test("AgentParser fails if other output interrupts a piece", () => {
  const damaged: readonly Message[] = [{ kind: "failed", reason: "damaged" }];
  assertEquals(parse([lines(`${nonce} C 8 aGVs`, "Broadcast message", "bG8=")]), [...damaged]);
  assertEquals(parse([lines(`${nonce} C`)]), [...damaged]);
});

Deno.test("AgentParser fails if other output damages a line's beginning", () => {
  const damaged: readonly Message[] = [{ kind: "failed", reason: "damaged" }];
  const whole = [
    `${nonce} C 4 YQ==`,
    `${nonce} C 4 Yg==`,
    `${nonce} D 2`,
    `${nonce} R 1 0 -`,
    `${nonce} B o p 0 -`,
    `${nonce} T o p 0 - 7`,
    `${nonce} B e p 0 -`,
    `${nonce} E 1 4`,
  ];
  assertEquals(parse([lines(...whole)]).at(-1)?.kind, "answer");
  for (const [at, line] of whole.entries()) {
    if (line.includes(" E ")) continue;
    const messages = parse([lines(...whole.with(at, `x${line}`))]);
    assertEquals(messages.filter(({ kind }) => kind === "failed"), [...damaged], line);
    assert(messages.every(({ kind }) => kind !== "answer"), line);
  }
});

Deno.test("AgentParser.taken counts only the agent's lines", () => {
  const parser = new AgentParser(nonce);
  const answer = [`${nonce} R 1 0 -`, `${nonce} B o p 3 -`, "AAAA"];
  parser.push(lines("AAAA", ...answer, "no base64") + "x".repeat(100));
  assertEquals(parser.taken, answer.length);
});

Deno.test("AgentParser fails if more base64 arrives than was requested", () => {
  const parser = new AgentParser(nonce);
  parser.expect(1_000);
  parser.push(lines(`${nonce} R 1 0 -`, `${nonce} B o p 2000 -`));
  const messages = Array.from({ length: 20 }, () => parser.push(lines("A".repeat(76)))).flat();
  assertEquals(messages, [{ kind: "failed", reason: "flood" }]);
  assert(parser.push(lines(`${nonce} E 1`)).length === 0);
});

/** What is understood of the total of an output. */
function totalOf(text: string): Pick<Tail, "total" | "isAtLeast"> | undefined {
  const parser = new AgentParser(nonce);
  const [message] = parser.push(
    lines(`${nonce} R 1 0 -`, `${nonce} B o p 0 -`, `${nonce} T o p 0 - ${text}`, `${nonce} E 1 2`),
  );
  assert(message?.kind === "answer");
  const { tail } = message.answer.stdout;
  return tail && { total: tail.total, isAtLeast: tail.isAtLeast };
}

Deno.test("AgentParser distinguishes an exact total from one that may be more", () => {
  assertEquals(totalOf("70000"), { total: 70_000, isAtLeast: false });
  assertEquals(totalOf("70000+"), { total: 70_000, isAtLeast: true });
});

Deno.test("AgentParser rejects invalid exit codes and lengths", () => {
  for (const code of ["NaN", "-1", "256", "1e3", "Infinity", "99999999999", ""]) {
    const parser = new AgentParser(nonce);
    assertEquals(parser.push(lines(`${nonce} R 1 ${code} -`, `${nonce} E 1`)), [
      { kind: "failed", reason: "damaged" },
    ]);
  }
  assertEquals(totalOf("1e400"), { total: Number.MAX_SAFE_INTEGER, isAtLeast: false });
});
