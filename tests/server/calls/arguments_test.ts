/** Arguments as models send them: accepted if they are unambiguous, refused otherwise. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { z } from "zod";
import { readArguments } from "../../../server/calls/arguments.ts";
import type { Tool } from "../../../tools/mod.ts";
import { registry } from "../../../tools/toolsets.ts";
import { mapOf } from "../../../tools/schema/map_of.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { validArguments, writtenOtherwise } from "../lenient.ts";

Deno.test("readArguments() reads other forms of every tool's arguments as what was meant", async (t) => {
  for (const tool of registry) {
    await t.step(tool.name, () => {
      const cases = validArguments(tool).chain((args) =>
        fc.tuple(fc.constant(args), writtenOtherwise(tool, args))
      );
      fc.assert(
        fc.property(cases, ([args, written]) => {
          const strict = tool.input.safeParse(args);
          fc.pre(strict.success);
          assertEquals(readArguments(tool.input, written), { kind: "fit", args: strict.data });
        }),
        { numRuns: 60 },
      );
    });
  }
});

Deno.test("readArguments() changes no value except in the documented ways", async (t) => {
  for (const tool of registry) {
    const names = Object.keys(tool.input.shape);
    if (names.length === 0) continue;
    await t.step(tool.name, () => {
      fc.assert(
        fc.property(
          validArguments(tool),
          fc.constantFrom(...names),
          fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.double().map(String), fc.constantFrom(...odd)),
          (args, name, value) => {
            const given = { ...args, [name]: value };
            const read = readArguments(tool.input, given);
            const strict = tool.input.safeParse(given);
            if (strict.success || read.kind === "unfit") return;
            assert(
              isMeant(name, value, read.args[name]),
              `${JSON.stringify(value)} was read as ${JSON.stringify(read.args[name])}`,
            );
          },
        ),
        { numRuns: 100 },
      );
    });
  }
});

const odd = [
  "yes",
  "1",
  "0x10",
  "1e3",
  "010",
  "5s",
  "١",
  "null",
  "[1",
  "{",
  "[]",
  "{}",
  "a,b",
  "Ｔrue",
];

/** Arguments that accept spellings besides the listed ones. */
const spelledOtherwise = [
  "priority",
  "os",
  "image",
  "cpu",
  "memory",
  "disk",
  "ttl",
  "delete_after_stopped",
  "domain",
];

const truths: Readonly<Record<string, readonly string[]>> = {
  true: ["true", "yes", "1"],
  false: ["false", "no", "0"],
};

/** The accepted forms of the design, by result. */
function isMeant(name: string, value: unknown, read: unknown): boolean {
  if (value === null || value === "") return true;
  if (value === "null" && typeof read !== "object") return true;
  if (typeof read === "boolean") {
    return truths[String(read)]?.includes(String(value).trim().toLowerCase()) ?? false;
  }
  if (typeof read === "string") {
    return read === String(value) || spelledOtherwise.includes(name);
  }
  if (name === "generate" && String(value).trim().toLowerCase() === "true") return read === 32;
  if (typeof value !== "string") return typeof value === "object" && typeof read === "object";
  if (typeof read === "number") {
    const seconds = name.endsWith("_seconds") ? /^(\d+)s$/.exec(value)?.[1] : undefined;
    return String(read) === String(Number(seconds ?? value.trim()));
  }
  if (Array.isArray(read) && read[0] === value) return read.length === 1;
  return typeof read === "object" && typeof JSON.parse(value) === "object";
}

function toolOf(name: string): Tool {
  const tool = registry.find((tool) => tool.name === name);
  assert(tool !== undefined);
  return tool;
}

const username = "alice";

Deno.test("readArguments() refuses ambiguous values, with path and expectation", async (t) => {
  const cases: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
    ["list_containers", { limit: "ten" }, "limit: expected a number, got text"],
    ["list_containers", { limit: "1e2" }, "limit: expected a number"],
    ["list_containers", { limit: "010" }, "limit: expected a number"],
    ["list_containers", { limit: true }, "limit: expected a number, got true"],
    ["list_containers", { limit: 10.5 }, "limit: expected a whole number"],
    [
      "list_containers",
      { labels: "team=dev" },
      'labels: expected an object, such as {"team":"dev"}',
    ],
    ["list_containers", { labels: "[]" }, "labels: expected an object"],
    ["list_containers", { labels: { version: 1.5 } }, "labels.version: expected text, got 1.5"],
    ["list_containers", { labels: { team: null } }, "labels.team: expected text, got null"],
    ["list_containers", { labels: { team: true } }, "labels.team: expected text, got true"],
    ["stop_container", { username, force: "maybe" }, "force: expected true or false, got text"],
    ["stop_container", { username, force: 2 }, "force: expected true or false, got 2"],
    ["stop_container", { username: null }, "username: expected text, got null"],
    ["stop_container", {}, "username: missing: expected text"],
    ["stop_container", { username: ["alice"] }, "username: expected text, got a list"],
    ["run_command", { username, command: { a: 1 } }, "command: expected text, got an object"],
    ["create_container", { username, cpu: 1e21 }, "cpu: expected text"],
    ["resize_container", { username, memory: 4 }, "memory: expected a size with its unit"],
    ["resize_container", { username, memory: "4" }, "memory: expected a size with its unit"],
    ["resize_container", { username, memory: "4G" }, "memory: expected a size with its unit"],
    ["resize_container", { username, memory: "4i" }, "memory: expected a size with its unit"],
    ["resize_container", { username, cpu: "2 hosts" }, "cpu: expected cores"],
    ["create_container", { username, ttl: "3M" }, "ttl: expected a duration"],
    ["create_container", { username, ttl: "1 hour or so" }, "ttl: expected a duration"],
    ["create_container", { username, ttl: "8" }, "ttl: expected a duration"],
    ["run_command", { username, command: "ls", timeout_seconds: "10ms" }, "expected a number"],
    ["list_containers", { state: "RUN" }, "state: expected one of"],
    ["stop_container", { username: "null", force: "null", nope: 1 }, "nope: unknown argument"],
    ["create_container", { username, disk: 50 }, "disk: expected a size with its unit"],
    [
      "create_containers",
      { containers: [{ username, disk: "50" }] },
      "containers.0.disk: expected a size with its unit",
    ],
    ["delete_snapshot", { username, name: 1.1 }, "name: expected text, got 1.1"],
    ["run_command", { username, command: 1.5 }, "command: expected text, got 1.5"],
    ["stop_containers", { usernames: [1.1] }, "usernames.0: expected text, got 1.1"],
    [
      "stop_containers",
      { usernames: "alice,bob" },
      'usernames: expected a list, got text; write it like ["ci-1","ci-2"]',
    ],
    ["run_command", { username, command: "" }, "command: must not be empty"],
    ["run_command", { username, command: "ls", timeout_seconds: 0 }, "expected at least 1"],
    ["run_command", { username, command: "ls", timeout_seconds: "2h" }, "expected at most 3600"],
    ["add_ssh_key", { username, places: [] }, "places: must not be empty"],
    ["update_container", { username, labels: { "": "x" } }, "labels.: must not be empty"],
    ["update_container", { username, labels: { a: "x".repeat(257) } }, "at most 256 characters"],
    ["stop_containers", { usernames: "['alice']" }, "usernames: expected a list, got text"],
    ["stop_containers", { usernames: 7 }, "usernames: expected a list, got 7"],
    [
      "create_containers",
      { containers: [{ username, cpu: [] }] },
      "containers.0.cpu: expected text",
    ],
    ["create_containers", { containers: [{ username, cpus: "2" }] }, "containers.0.cpus: unknown"],
    ["create_containers", { containers: [{ username, cpus: "2" }] }, "did you mean cpu?"],
    ["stop_container", { username, forced: true }, "forced: unknown argument; did you mean force?"],
  ];
  for (const [name, args, words] of cases) {
    await t.step(`${name} ${JSON.stringify(args)}`, () => {
      const read = readArguments(toolOf(name).input, args);
      assert(read.kind === "unfit", JSON.stringify(read));
      assertStringIncludes(read.faults, words);
    });
  }
});

Deno.test("readArguments() accepts common spellings", async (t) => {
  const cases: readonly (readonly [string, string, unknown, unknown])[] = [
    ["get_logs", "priority", "warn", "warning"],
    ["get_logs", "priority", "ERROR", "err"],
    ["get_logs", "priority", 3, "err"],
    ["get_logs", "priority", "0", "emerg"],
    ["create_container", "image", "ubuntu:24.04", "images:ubuntu/24.04"],
    ["create_containers", "image", "debian:12", "images:debian/12"],
    ["create_container", "image", "images:ubuntu/24.04", "images:ubuntu/24.04"],
    ["create_container", "image", "local:mine", "local:mine"],
    ["create_container", "os", "ubuntu", "ubuntu_2404"],
    ["create_container", "os", "rocky9", "rocky_9"],
    ["create_container", "cpu", 0.5, "0.5"],
    ["create_containers", "cpu", 0.5, "0.5"],
    ["resize_container", "memory", "1073741824B", "1073741824B"],
    ["resize_container", "memory", "2gb", "2GB"],
    ["resize_container", "memory", "512 mib", "512MiB"],
    ["resize_container", "memory", "4Gi", "4GiB"],
    ["resize_container", "memory", "100KB", "100kB"],
    ["resize_container", "disk", "10 GB", "10GB"],
    ["create_containers", "disk", "10 GB", "10GB"],
    ["resize_container", "cpu", "2 cores", "2"],
    ["create_container", "cpu", "0.5 vCPU", "0.5"],
    ["create_container", "ttl", "1 hour", "1h"],
    ["create_container", "ttl", "1h 30 minutes", "1h30m"],
    ["update_container", "ttl", "Never", "never"],
    ["create_container", "wait_seconds", "10s", 10],
    ["create_containers", "wait_seconds", "2 minutes", 120],
    ["get_logs", "follow_seconds", "10s", 10],
    ["create_container", "enable_docker", "no", false],
    ["create_container", "enable_docker", "Yes", true],
    ["get_container", "diagnose", 1, true],
    ["get_container", "diagnose", "0", false],
    ["create_container", "os", "null", undefined],
    ["create_container", "os", "UBUNTU_2404", "ubuntu_2404"],
    ["get_logs", "lines", "null", 100],
    ["get_container", "diagnose", "null", false],
  ];
  for (const [name, argument, given, meant] of cases) {
    await t.step(`${name} ${argument} ${given}`, () => {
      const read = readArguments(toolOf(name).input, { username, [argument]: given });
      if (read.kind === "unfit") {
        // create_containers has no username.
        const bulk = readArguments(toolOf(name).input, { [argument]: given });
        assert(bulk.kind === "fit", read.faults);
        return assertEquals(bulk.args[argument], meant);
      }
      assertEquals(read.args[argument], meant);
    });
  }
  for (const priority of ["8", "bad", "-1", 2.5]) {
    assertEquals(readArguments(toolOf("get_logs").input, { username, priority }).kind, "unfit");
  }
});

Deno.test("readArguments() refuses a quantity of a million characters at once", () => {
  const { input } = toolOf("create_container");
  for (const text of ["1".repeat(1_000_000), `1${" ".repeat(1_000_000)}x`]) {
    for (const name of ["cpu", "memory", "disk", "ttl", "wait_seconds"]) {
      assertEquals(readArguments(input, { username, [name]: text }).kind, "unfit", name);
    }
  }
});

Deno.test("readArguments() keeps an empty text that means something", () => {
  const label = readArguments(toolOf("update_container").input, { username, labels: { team: "" } });
  assert(label.kind === "fit");
  assertEquals(label.args.labels, { team: "" });
  const without = readArguments(toolOf("list_containers").input, { labels: '{"team":""}' });
  assert(without.kind === "fit");
  assertEquals(without.args.labels, { team: "" });
  assertEquals(readArguments(toolOf("run_command").input, { username, command: "" }).kind, "unfit");
});

Deno.test("readArguments() quotes no argument in its errors, and lists few of many mistakes", () => {
  const secret = "-----BEGIN OPENSSH PRIVATE KEY-----";
  const { input } = toolOf("create_containers");
  const keys = readArguments(input, {
    usernames: ["a"],
    ssh_keys: { key: secret },
    spread: secret,
  });
  assert(keys.kind === "unfit");
  assert(!keys.faults.includes("BEGIN"), keys.faults);
  const many = readArguments(input, {
    containers: Array.from({ length: 20_000 }, () => ({ username: 1, nonsense: "x" })),
  });
  assert(many.kind === "unfit" && many.faults.split("\n").length <= 21);
});

Deno.test("readArguments() refuses too many members before it checks each", async (t) => {
  let checks = 0;
  const item = z.string().refine(() => ++checks > 0);
  const schema = z.strictObject({
    list: z.array(item).optional(),
    map: mapOf(z.string().refine(() => ++checks > 0), item).optional(),
    several: z.array(z.array(item)).optional(),
  });
  const list = Array.from({ length: 2_001 }, (_, at) => `${at}`);
  const map = Object.fromEntries(list.map((name) => [name, name]));
  const cases: readonly (readonly [string, unknown, string])[] = [
    ["a list", { list }, "list: expected at most 2,000 members, got 2001"],
    ["a list as JSON text", { list: JSON.stringify(list) }, "list: expected at most 2,000 members"],
    ["a map", { map }, "map: expected at most 2,000 members, got 2001"],
    ["a list in a list", { several: [[], list] }, "several.1: expected at most 2,000 members"],
    ["unknown arguments", map, "arguments: expected at most 2,000 members, got 2001"],
    [
      "many lists",
      { several: Array.from({ length: 30 }, () => list.slice(1)) },
      "arguments: expected at most 50,000 values in all",
    ],
  ];
  for (const [name, given, words] of cases) {
    await t.step(name, () => {
      const read = readArguments(schema, given);
      assert(read.kind === "unfit", "it fits");
      assertStringIncludes(read.faults, words);
      assertEquals(checks, 0);
    });
  }
  assertEquals(readArguments(schema, { list: list.slice(1) }).kind, "fit");
});

Deno.test("tools/call accepts calls as clients send them", async (t) => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob" }],
  });
  await using server = await connect(daemon);
  const calls: readonly (readonly [string, string])[] = [
    ["list_containers", '{"state":null,"labels":null,"limit":"10","sort":"","cursor":null}'],
    ["list_containers", '"{\\"limit\\":\\"1\\"}"'],
    ["list_containers", '""'],
    ["get_container", '{"username":"alice","wait_for":null,"diagnose":"False","wait_seconds":"0"}'],
    ["stop_container", '{"username":"alice","force":"true"}'],
    ["create_container", '{"username":"carol","cpu":2,"memory":"4GB","labels":"{\\"team\\":1}"}'],
    ["create_container", '{"username":"erin","memory":"3gb","disk":"10 GB","enable_docker":"no"}'],
    ["stop_containers", '{"usernames":"[\\"bob\\",\\"alice\\"]","labels":null,"dry_run":"true"}'],
    ["start_containers", '{"usernames":"alice"}'],
    [
      "create_containers",
      '{"containers":[{"username":"dave","cpu":null,"labels":"","ssh_keys":[]}],"dry_run":"true"}',
    ],
  ];
  for (const [index, [name, args]] of calls.entries()) {
    await t.step(`${name} ${args}`, async () => {
      const params = `{"name":"${name}","arguments":${args}}`;
      const id = `call ${index}`;
      await server.send(
        `{"jsonrpc":"2.0","id":"${id}","method":"tools/call","params":${params}}\n`,
      );
      const answer = await server.next((message) =>
        message.id === id && message.method === undefined
      );
      assertEquals(answer.result?.isError, undefined, JSON.stringify(answer));
    });
  }
  const refused = await server.request("tools/call", {
    name: "stop_container",
    arguments: { username: "alice", force: "maybe" },
  });
  assertEquals(refused._meta, { "containarium/code": "invalid_argument" });
  const { structuredContent } = await server.call("get_container", { username: "carol" });
  assertStringIncludes(JSON.stringify(structuredContent), '"team":"1"');
  assertStringIncludes(JSON.stringify(structuredContent), '"cpu":"2"');
  const written = await server.call("get_container", { username: "erin" });
  assertStringIncludes(JSON.stringify(written.structuredContent), '"memory":"3GB","disk":"10GB"');
});
