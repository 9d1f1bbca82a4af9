/** What goes wrong in a container, or on the way to it: survived or said, never passed over. */
import { testWithPty } from "../../with_pty.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { nothingLeft, startShells, TestTerminals, textOf } from "./shell_daemon.ts";

async function failure(call: Promise<unknown>): Promise<ContainariumError> {
  return await assertRejects(() => call, ContainariumError);
}

const findTty = 'tty=$(readlink "/proc/$PPID/fd/4"); [ -c "$tty" ] || exit 9';

/**
 * Goes on writing to the agent's terminal, until that is gone or there is a file `stop`. The command that
 * follows begins when it has.
 */
const writer = (text: string) => `
  ${findTty}
  rm -f "$HOME/begun"
  until [ -e "$HOME/stop" ]; do printf '${text}' && : >"$HOME/begun" || break; done >"$tty" 2>/dev/null &
  until [ -e "$HOME/begun" ]; do sleep 0.01; done
`;

testWithPty("a shell that no agent can look after is not left open", async () => {
  await using daemon = await startShells({ missing: ["base64", "busybox"] });
  await using terminals = await TestTerminals.of(daemon);
  const opening = terminals.of("alice").open({ cols: 80, rows: 24, onOutput: () => {} });
  assertEquals((await failure(opening)).code, "unsupported");
  await nothingLeft(daemon);
});

testWithPty("what something else writes into an answer is not taken for output", async (t) => {
  await using daemon = await startShells();
  await using terminals = await TestTerminals.of(daemon);
  const terminal = terminals.of("alice");
  const stop = () => Deno.writeTextFile(`${daemon.home("alice")}/stop`, "");
  const ways = {
    "kept": { output: "head -c 1000000 /dev/urandom", options: {} },
    // Endless: on a busy machine the writer may get no word in between the parts of a megabyte.
    "told as it comes": { output: "cat /dev/urandom", options: { onOutput: () => {} } },
  };
  for (const [name, { output, options }] of Object.entries(ways)) {
    await t.step(name, async () => {
      const error = await failure(terminal.run(`${writer("AAAA\\n")} ${output}`, options));
      await stop();
      assertEquals(error.code, "ambiguous", error.message);
      assertStringIncludes(error.message, "arrived incomplete");
      assertEquals(textOf((await terminal.run('rm "$HOME/stop"; echo on')).stdout), "on\n");
    });
  }
  for (const [name, { options }] of Object.entries(ways)) {
    await t.step(`${name}, when it stands before the agent's words`, async () => {
      const once = `${findTty}; echo first; printf x >"$tty"; echo second`;
      const error = await failure(terminal.run(once, options));
      assertEquals(error.code, "ambiguous", error.message);
      assertStringIncludes(error.message, "arrived incomplete");
    });
  }
  await t.step("noise without end is not the agent's voice", async () => {
    const error = await failure(terminal.run(writer("x"), { timeoutMs: 100 }));
    await stop();
    assertEquals(error.code, "ambiguous", error.message);
  });
  await terminals.close();
  await nothingLeft(daemon);
});

testWithPty("where files cannot grow nothing is cut short without a word", async (t) => {
  await using daemon = await startShells({ profile: "trap '' XFSZ; ulimit -f 10\n" });
  await using terminals = await TestTerminals.of(daemon);
  const terminal = terminals.of("alice");
  const all = Array.from({ length: 20_000 }, (_, index) => `${index + 1}\n`).join("");
  await t.step("output that is kept", async () => {
    const { exitCode, stdout, stderr, omitted } = await terminal.run("seq 20000; echo $? >&2");
    assertEquals([exitCode, textOf(stderr)], [0, "0\n"]);
    const { at, bytes } = omitted.stdout;
    assert(at > 0 && bytes > 0, `${at}, ${bytes}`);
    assertEquals(textOf(stdout.subarray(0, at)), all.slice(0, at));
  });
  await t.step("output that is told as it comes", async () => {
    let told = "";
    const onOutput = (piece: Uint8Array) => void (told += textOf(piece));
    const result = await terminal.run("seq 20000; echo $? >&2", { onOutput });
    assertEquals([result.exitCode, textOf(result.stderr)], [0, "0\n"]);
    assertEquals(told, all.slice(0, told.length));
    assertEquals(textOf(result.stdout), told.slice(0, result.stdout.length));
    assertEquals([told.length < all.length, result.truncated], [true, true]);
  });
  await t.step("a command that does not get there is sent once more", async () => {
    const opened = () => daemon.count("GET", "/v1/containers/alice/terminal");
    const before = opened();
    const error = await failure(terminal.run("cat", { stdin: "x".repeat(200_000) }));
    assertEquals(error.code, "resource_exhausted", error.message);
    assertEquals(opened(), before + 1);
  });
  await terminals.close();
  await nothingLeft(daemon);
});
