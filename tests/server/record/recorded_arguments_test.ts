import { assertEquals } from "@std/assert";
import { recordedArguments } from "../../../server/record/recorded_arguments.ts";

const text = (size = 6) => ({ length: size });
const string = { type: "string" };
const schema = {
  properties: {
    username: string,
    usernames: { type: "array", items: string },
    name: string,
    note: string,
    command: string,
    cpu: string,
    memory: string,
    ttl: string,
    force: { type: "boolean" },
    count: { type: "integer" },
    ratio: { type: "number" },
    mode: { enum: ["fast", "slow"] },
    labels: { type: "object" },
    rows: { type: "array", items: { properties: { username: string, note: string } } },
  },
};

Deno.test("recordedArguments() writes out what is harmless, and of the rest how long it is", async () => {
  const recorded = (args: Readonly<Record<string, unknown>>, tool = "create_snapshot") =>
    recordedArguments(args, {
      call: "c-1",
      tool,
      schema,
      redact: (value) => value.replaceAll("bob", "[token]"),
    });
  const rows: Readonly<Record<string, readonly [given: unknown, kept: unknown]>> = {
    username: ["alice", "alice"],
    usernames: [["alice", "two words"], ["alice", text(9)]],
    name: ["before", "before"],
    note: ["before", text()],
    cpu: ["0.5", "0.5"],
    memory: ["512MB", "512MB"],
    ttl: ["1h30m", "1h30m"],
    force: [true, true],
    count: [3, 3],
    ratio: [0.5, 0.5],
    mode: ["fast", "fast"],
    rows: [[{ username: "alice", note: "before", other: 1 }], [{
      username: "alice",
      note: text(),
    }]],
  };
  for (const [key, [given, kept]] of Object.entries(rows)) {
    assertEquals<unknown>(await recorded({ [key]: given }), { [key]: kept }, key);
  }
  const refused: Readonly<Record<string, readonly [given: unknown, length: number]>> = {
    // What a secret was taken out of is not written out in part.
    username: ["bob", 3],
    name: ["two words", 9],
    cpu: ["12345", 5],
    memory: ["secret", 6],
    ttl: ["1y", 2],
    force: ["true", 4],
    count: ["3", 1],
    mode: ["medium", 6],
  };
  for (const [key, [given, length]] of Object.entries(refused)) {
    assertEquals<unknown>(await recorded({ [key]: given }), { [key]: { length } }, key);
  }
  assertEquals<unknown>(await recorded({ note: 12345 }), { note: text(5) });
  assertEquals<unknown>(await recorded({ name: "before" }, "other_tool"), { name: text() });
  assertEquals<unknown>(await recorded({ labels: { team: "dev" } }), {
    labels: { length: JSON.stringify({ team: "dev" }).length },
  });
  assertEquals<unknown>(await recorded({ other: "x", username: undefined }), {});
});

Deno.test("recordedArguments() proves a text of 32 characters, and every command, by its hash", async () => {
  const recorded = (args: Readonly<Record<string, unknown>>) =>
    recordedArguments(args, { call: "c-1", tool: "x", schema, redact: (value) => value });
  const hashOf = async (value: string) => {
    const bytes = new TextEncoder().encode(`c-1\n${value}`);
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  };
  const [short, long] = ["x".repeat(31), "x".repeat(32)];
  assertEquals<unknown>(await recorded({ note: short, command: "ls" }), {
    note: { length: 31 },
    command: { length: 2, sha256: await hashOf("ls") },
  });
  assertEquals<unknown>(await recorded({ note: long, command: "" }), {
    note: { length: 32, sha256: await hashOf(long) },
    command: { length: 0 },
  });
});

Deno.test("recordedArguments() writes out 8,000 characters at most", async () => {
  const recorded = (args: Readonly<Record<string, unknown>>) =>
    recordedArguments(args, { call: "c-1", tool: "x", schema, redact: (value) => value });
  const argsOf = (first: string) => ({
    usernames: [first, ...Array.from({ length: 419 }, () => "b".repeat(16))],
  });
  const [whole, more] = [argsOf("a".repeat(21)), argsOf("a".repeat(22))];
  assertEquals([whole, more].map((args) => JSON.stringify(args).length), [8_000, 8_001]);
  assertEquals<unknown>(await recorded(whole), whole);
  const { length, sha256 } = Object(await recorded(more));
  assertEquals([length, sha256.length], [8_001, 64]);
});
