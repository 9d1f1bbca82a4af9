import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { z } from "zod";
import { closeTerminal } from "../../../tools/terminal/close_terminal.ts";
import { openTerminal } from "../../../tools/terminal/open_terminal.ts";
import { sendToTerminal } from "../../../tools/terminal/send_to_terminal.ts";
import { clientOf } from "../../client/connect.ts";
import { connect, type Session } from "../../connect.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { contextOf } from "../context.ts";
import { assertClean } from "./clean.ts";
import { fenced } from "./fenced.ts";
import { needing } from "../../needs.ts";
import { testWithPty } from "../../with_pty.ts";

function startBox(): Promise<Daemon> {
  return startDaemon({
    containers: [{ username: "alice" }, { username: "bob", state: "CONTAINER_STATE_STOPPED" }],
    shell: { profile: "PS1='box$ '\n" },
  });
}

type Answer = z.output<typeof sendToTerminal.output> & { readonly text: string };

/** A terminal opened with the tools. */
class Terminal {
  readonly id: string;
  readonly #session: Session;

  private constructor(session: Session, id: string) {
    this.#session = session;
    this.id = id;
  }

  static async open(session: Session): Promise<Terminal> {
    const answer = await session.call("open_terminal", { username: "alice", rows: 12 });
    assertEquals(answer.isError, false, answer.text);
    const { terminal_id: id } = openTerminal.output.parse(answer.structuredContent);
    assertStringIncludes(answer.text, `terminal_id: ${id}`);
    return new Terminal(session, id);
  }

  async send(args: Readonly<Record<string, unknown>>): Promise<Answer> {
    const answer = await this.#session.call("send_to_terminal", { terminal_id: this.id, ...args });
    assertEquals(answer.isError, false, answer.text);
    const { structuredContent, text } = answer;
    return { ...sendToTerminal.output.parse(structuredContent), text };
  }

  /** Waits for expected output, and returns the screen. */
  async see(args: Readonly<Record<string, unknown>>): Promise<string> {
    const { found, screen } = await this.send({ wait_seconds: 20, ...args });
    assertEquals(found, true, screen);
    return fenced(screen)[0] ?? "";
  }

  /** Returns the error for an unknown terminal. */
  async refusal(args: Readonly<Record<string, unknown>>): Promise<string> {
    const answer = await this.#session.call("send_to_terminal", { terminal_id: this.id, ...args });
    assertEquals(answer.isError, true, answer.text);
    return answer.text;
  }

  async close(): Promise<string> {
    const { isError, text } = await this.#session.call("close_terminal", { terminal_id: this.id });
    assertEquals(isError, false, text);
    return text;
  }
}

testWithPty("send_to_terminal drives a terminal as a user would", async (t) => {
  await using daemon = await startBox();
  await using session = await connect(daemon);
  const terminal = await Terminal.open(session);

  await t.step("a prompt and a command", async () => {
    const screen = await terminal.see({ text: "echo one; echo two\n", wait_for: "/^two$/m" });
    assert(screen.endsWith("box$ echo one; echo two\none\ntwo\nbox$"), screen);
  });
  await t.step("what scrolls by", async () => {
    const answer = await terminal.send({ text: "seq 1 300; echo end\n", wait_for: "/^end$/m" });
    const [scrolled = ""] = fenced(answer.scrolled);
    assert(scrolled.endsWith("\n289\n290"), scrolled);
    assertEquals([scrolled.split("\n").length, answer.scrolled_cut], [200, true]);
    assertStringIncludes(answer.text, "left out: earlier lines that scrolled by");
    assertEquals((await terminal.send({ wait_seconds: 0 })).scrolled, undefined);
  });
  await t.step({
    ...needing(["vi"], "vi, which writes a file"),
    fn: async () => {
      const empty = await terminal.send({ text: "vi note.txt\n", wait_for: "note.txt" });
      assertEquals([empty.found, empty.full_screen], [true, true]);
      await terminal.see({ text: "ihello, box €\nline 2", keys: ["Escape"], wait_for: "line 2" });
      await terminal.see({ text: ":wq\n", wait_for: "box$ " });
      const written = await Deno.readTextFile(`${daemon.home("alice")}/note.txt`);
      assertEquals(written, "hello, box €\nline 2\n");
    },
  });
  await t.step({
    ...needing(["top"], "top"),
    fn: async () => {
      const screen = await terminal.see({ text: "top\n", wait_for: "/PID +USER/" });
      assertStringIncludes(screen, "load average");
      await terminal.see({ text: "q", wait_for: "box$ " });
    },
  });
  await t.step("a bar that is drawn again and again", async () => {
    const bar = "for i in 10 50 100; do printf '\\rat %s%%' $i; sleep 0.2; done; echo\n";
    const screen = await terminal.see({ text: bar, wait_for: "/at 100%/" });
    assert(!screen.includes("at 50%"), screen);
  });
  await t.step("a password that is not shown", async () => {
    await terminal.see({
      text: "stty -echo; printf 'Pass%s: ' word; read p; stty echo; echo; echo ${#p} long\n",
      wait_for: "Password: ",
    });
    const screen = await terminal.see({ text: "hunter2\n", wait_for: "7 long" });
    assert(!screen.includes("hunter2"), screen);
  });
  await t.step("a program that is interrupted", async () => {
    await terminal.send({ text: "sleep 1000\n", wait_seconds: 1 });
    await terminal.see({ keys: ["Ctrl-C"], wait_for: "box$ " });
  });
  await t.step("keys that are no characters", async () => {
    await terminal.send({ text: "cat -v\n" });
    const keys = ["Up", "F5", "Alt-x", "Ctrl-A", "Enter"];
    await terminal.see({ keys, wait_for: "^[[A^[[15~^[x^A" });
    await terminal.see({ keys: ["Ctrl-C"], wait_for: "box$ " });
  });
  await t.step("what is waited for and does not come", async () => {
    const answer = await terminal.send({ text: "true\n", wait_for: "never", wait_seconds: 1 });
    assertEquals(answer.found, false);
    assertStringIncludes(answer.text, "wait_for was not printed.");
  });
  await t.step("the end", async () => {
    assertEquals(await terminal.close(), "Closed the terminal in alice-container.");
    await assertClean(daemon, "alice");
    assertStringIncludes(await terminal.close(), " had ended already: close_terminal closed it");
    assertStringIncludes(await terminal.refusal({ text: "x" }), "open_terminal opens another");
  });
});

testWithPty("send_to_terminal says why a terminal has ended", async (t) => {
  await using daemon = await startBox();
  await using session = await connect(daemon);
  await t.step("because its shell was left", async () => {
    const terminal = await Terminal.open(session);
    const { ended, end_reason: reason, text } = await terminal.send({
      text: "exit\n",
      wait_for: "never",
      wait_seconds: 20,
    });
    assertEquals(ended, true);
    assertStringIncludes(text, `The terminal has ended: ${reason}`);
    assertStringIncludes(await terminal.refusal({}), `has ended: ${reason}`);
  });
  await t.step("because the container stopped", async () => {
    const terminal = await Terminal.open(session);
    const waiting = terminal.send({ wait_for: "never", wait_seconds: 20 });
    await session.call("stop_container", { username: "alice", force: true });
    const { ended, end_reason: reason } = await waiting;
    assertEquals(ended, true);
    assertStringIncludes(await terminal.refusal({ text: "x" }), `has ended: ${reason}`);
  });
});

testWithPty("open_terminal opens at most 8, and none is left when the client is gone", async () => {
  await using daemon = await startBox();
  await using session = await connect(daemon);
  const terminals = await Promise.all(Array.from({ length: 8 }, () => Terminal.open(session)));
  const { isError, text } = await session.call("open_terminal", { username: "alice" });
  assertEquals(isError, true);
  assertStringIncludes(text, "8 terminals are open, which is the maximum; close one");
  const [first, second] = terminals;
  await first?.close();
  await Terminal.open(session);
  await second?.send({ text: "sleep 1000\n", wait_for: "sleep", wait_seconds: 0 });
  await session.closeStdin();
  await session.exited;
  await assertClean(daemon, "alice");
});

testWithPty("terminal tools explain each refusal", async (t) => {
  await using daemon = await startBox();
  await using session = await connect(daemon);
  const refused = async (name: string, args: Readonly<Record<string, unknown>>, part: string) => {
    const { isError, text } = await session.call(name, args);
    assertEquals(isError, true, text);
    assertStringIncludes(text, part);
  };
  await t.step("containers", async () => {
    await refused("open_terminal", { username: "bob" }, "start_container");
    await refused("open_terminal", { username: "alicia" }, "Did you mean alice?");
    await refused("open_terminal", { username: "alice", cols: 5 }, "cols");
  });
  await t.step("arguments", async () => {
    const id = { "terminal_id": "0123" };
    await refused("send_to_terminal", { ...id, text: "x" }, 'There is no terminal "0123"');
    await refused("close_terminal", id, 'There is no terminal "0123"');
    await refused("send_to_terminal", { ...id, keys: ["Rewind"] }, "keys.0: expected Enter, Tab");
    await refused("send_to_terminal", { ...id, wait_for: "/(/" }, "wait_for: this regular expr");
    await refused("send_to_terminal", { ...id, wait_seconds: 61 }, "wait_seconds");
  });
  await t.step("another tenant", async () => {
    const token = await daemon.token({ username: "carol" });
    await using other = await connect({ url: daemon.url, token });
    const { isError, text } = await other.call("open_terminal", { username: "alice" });
    assertEquals(isError, true);
    assertStringIncludes(text, "belongs to another user");
    assertEquals(daemon.terminals("alice"), 0);
  });
});

testWithPty("send_to_terminal asks the user with consent always", async () => {
  await using daemon = await startBox();
  const env = { CONTAINARIUM_CONSENT: "always" };
  await using session = await connect(daemon, { env, capabilities: { elicitation: {} } });
  const asked: unknown[] = [];
  session.onRequest("elicitation/create", ({ message }) => {
    asked.push(message);
    return { action: "accept", content: { confirm: true } };
  });
  const terminal = await Terminal.open(session);
  await terminal.send({ text: "echo \u202e\n", keys: ["Ctrl-C"] });
  await terminal.send({ text: "y\nEnter" });
  await terminal.send({ keys: ["Enter"] });
  await terminal.send({ wait_seconds: 0 });
  await terminal.close();
  await terminal.close();
  assertEquals(asked, [
    "Open a terminal in alice-container?",
    "Type this into a terminal in alice-container, then press Ctrl-C?\necho \\u{202e}\n",
    "Type this into a terminal in alice-container?\ny\nEnter",
    "Press Enter in a terminal in alice-container?",
    "Close a terminal in alice-container, ending what runs in it?",
  ]);
});

testWithPty("send_to_terminal logs only the length of what is typed", async () => {
  await using daemon = await startBox();
  using client = await clientOf(daemon);
  const lines: string[] = [];
  const context = { ...contextOf(client), log: (_: string, line: string) => void lines.push(line) };
  const { terminal_id: id } = await openTerminal.run(
    openTerminal.input.parse({ username: "alice" }),
    context,
  );
  const typed = sendToTerminal.input.parse({
    terminal_id: id,
    text: "my secret",
    keys: ["Enter"],
  });
  await sendToTerminal.run(typed, context);
  await closeTerminal.run({ terminal_id: id }, context);
  await client.closeTerminals();
  assertEquals(lines, ["send_to_terminal: 9 characters, 1 keys"]);
});

testWithPty("send_to_terminal survives 13 bytes that ask for 2,000,000,000 lines", async () => {
  await using daemon = await startBox();
  await using session = await connect(daemon);
  const terminal = await Terminal.open(session);
  for (const final of ["S", "T", "L", "M", "b", "I", "Z", "@", "P", "X"]) {
    const text = `printf 'a\\033[2000000000${final}'; clear; echo "on ${final}"\n`;
    await terminal.see({ text, wait_for: `/^on ${final}$/m` });
  }
  await terminal.see({
    text: "printf '\\033[99;999H\\033[1J'; clear; echo alive\n",
    wait_for: "alive",
  });
  await session.request("ping");
});
