/** What a container's kernel says of its sockets. */
import { assertEquals, assertRejects } from "@std/assert";
import { ContainariumError, type ContainerTerminal, type RunResult } from "../../../client/mod.ts";
import { findListener } from "../../../client/internal.ts";
import { startDaemon, whyNoPty } from "../../daemon/mod.ts";
import { unless } from "../../needs.ts";
import { clientOf } from "../connect.ts";

/** A terminal whose command prints these rows. */
function printing(rows: readonly string[], exitCode = 0): ContainerTerminal {
  const result: RunResult = {
    exitCode,
    stdout: new TextEncoder().encode(rows.map((row) => `${row}\n`).join("")),
    stderr: new Uint8Array(),
    truncated: false,
    omitted: { stdout: { at: 0, bytes: 0 }, stderr: { at: 0, bytes: 0 } },
    timedOut: false,
    durationMs: 1,
  };
  return {
    run: () => Promise.resolve(result),
    open: () => Promise.reject(new Error("not used")),
  };
}

const rest = "00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0";
const rows = {
  anywhere4: `   0: 00000000:0BB8 ${rest}`,
  loopback4: `   1: 0100007F:0BB8 ${rest}`,
  address4: `   2: 05004D0A:0BB8 ${rest}`,
  anywhere6: `   0: 00000000000000000000000000000000:0BB8 ${rest}`,
  loopback6: `   1: 00000000000000000000000001000000:0BB8 ${rest}`,
  mapped: `   2: 0000000000000000FFFF00000100007F:0BB8 ${rest}`,
};

Deno.test("findListener() tells what is reached from outside from what is not", async () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [[], "nowhere"],
    [["nonsense"], "nowhere"],
    [[rows.anywhere4], "anywhere"],
    [[rows.address4], "anywhere"],
    [[rows.anywhere6], "anywhere"],
    [[rows.loopback4], "loopback"],
    [[rows.loopback4, rows.loopback6, rows.mapped], "loopback"],
    [[rows.loopback4, rows.anywhere6], "anywhere"],
  ];
  for (const [printed, expected] of cases) {
    assertEquals(await findListener(printing(printed), 3000, "tcp"), expected, printed.join());
  }
});

Deno.test("findListener() says when a container does not show its sockets", async () => {
  const error = await assertRejects(
    () => findListener(printing([], 3), 3000, "tcp"),
    ContainariumError,
  );
  assertEquals(error.code, "unsupported");
});

Deno.test({
  ...unless(await whyNoPty(), "findListener() finds a real socket, until it is closed"),
  fn: async () => {
    await using daemon = await startDaemon({ shell: {}, containers: [{ username: "alice" }] });
    using client = await clientOf(daemon);
    const terminal = client.terminal("alice");
    const tcp = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = tcp.addr;
    assertEquals(await findListener(terminal, port, "tcp"), "loopback");
    tcp.close();
    assertEquals(await findListener(terminal, port, "tcp"), "nowhere");
    await client.closeTerminals();
  },
});
