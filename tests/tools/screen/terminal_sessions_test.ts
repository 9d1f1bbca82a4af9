import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { terminalAnswer } from "../../../tools/terminal/terminal_answer.ts";
import { escapePauseMs, strokes } from "../../../tools/screen/keys.ts";
import { parsePattern } from "../../../tools/screen/wait_pattern.ts";
import type { Exchange, View } from "../../../tools/screen/terminal_session.ts";
import { IDLE_MS, MAX_OPEN, Sessions } from "../../../tools/screen/terminal_sessions.ts";
import { HandClock } from "./hand_clock.ts";
import { Shells } from "../terminal/shells.ts";

const size = { cols: 40, rows: 5 };
const { signal } = new AbortController();

/** Terminals with a manual clock, and a way to end the conversation. */
class Fixture {
  readonly shells: Shells;
  readonly sessions: Sessions;
  readonly clock = new HandClock();
  readonly #conversation = new AbortController();

  constructor(answer?: (typed: string) => string) {
    this.shells = new Shells(answer);
    this.sessions = new Sessions(this.#conversation.signal, this.clock);
  }

  get timers(): number {
    return this.clock.timers;
  }

  /** Opens a terminal and views it. */
  async open(): Promise<string> {
    const id = await this.sessions.add(this.shells, "alice", size, signal);
    if (this.sessions.open.includes(id)) await this.exchange(id, "", { waitMs: 0 });
    return id;
  }

  exchange(id: string, typed = "", options: Partial<Exchange> = {}): Promise<View> {
    const sent = typed === "" ? [] : strokes(typed);
    return this.sessions.exchange(id, {
      strokes: sent,
      waitFor: undefined,
      waitMs: 10_000,
      signal,
      ...options,
    });
  }

  pass(milliseconds: number): void {
    this.clock.pass(milliseconds);
  }

  endConversation(): void {
    this.#conversation.abort();
  }
}

Deno.test("Sessions closes a terminal that is idle for 10 minutes, and says so", async () => {
  const fixture = new Fixture();
  const used = await fixture.open();
  const unused = await fixture.open();
  fixture.pass(IDLE_MS - 1);
  await fixture.exchange(used, "", { waitMs: 0 });
  fixture.pass(1);
  assertEquals(fixture.sessions.open, [used]);
  assertEquals(fixture.shells.closed, [1]);
  await assertRejects(
    () => fixture.exchange(unused),
    ContainariumError,
    `Terminal ${unused} has ended: it was idle for 10 minutes. open_terminal opens another`,
  );
  fixture.pass(IDLE_MS);
  assertEquals(fixture.sessions.open, []);
  assertEquals(fixture.timers, 0);
});

Deno.test("Sessions does not count a terminal as idle during a wait", async () => {
  const fixture = new Fixture();
  const id = await fixture.open();
  const waiting = fixture.exchange(id, "", { waitFor: "later" });
  fixture.pass(2 * IDLE_MS);
  fixture.shells.print(0, "later");
  assertEquals((await waiting).isFound, true);
  assertEquals(fixture.sessions.open, [id]);
});

Deno.test("Sessions opens at most 8 terminals, including pending ones", async () => {
  const fixture = new Fixture();
  const opening = Array.from({ length: MAX_OPEN }, () => fixture.open());
  await assertRejects(() => fixture.open(), ContainariumError, "8 terminals are open");
  const ids = await Promise.all(opening);
  assertEquals(new Set(ids).size, MAX_OPEN);
  for (const id of ids) assert(/^[0-9a-f]{20}$/.test(id), id);
  const error = await assertRejects(
    () => fixture.open(),
    ContainariumError,
    "close_terminal first",
  );
  assertStringIncludes(error.message, ids.join(", "));
  await fixture.sessions.close(ids[3] ?? "");
  const ninth = await fixture.open();
  // A terminal that has ended by itself does not count either.
  fixture.shells.end(0, "the shell has ended");
  await fixture.exchange(ids[0] ?? "");
  assert(ninth !== await fixture.open());
});

Deno.test("Sessions ends the shell on close, and says on a second close that it had ended", async () => {
  const fixture = new Fixture();
  const id = await fixture.open();
  assertEquals(await fixture.sessions.close(id), undefined);
  assertEquals(fixture.shells.closed, [0]);
  assertEquals(await fixture.sessions.close(id), "close_terminal closed it");
  assertEquals(fixture.shells.closed, [0]);
  assertEquals(fixture.timers, 0);
  await assertRejects(
    () => fixture.exchange(id, "x"),
    ContainariumError,
    "close_terminal closed it",
  );
});

Deno.test("Sessions names the open terminals for an unknown ID", async () => {
  const fixture = new Fixture();
  await assertRejects(() => fixture.exchange("x\x1b"), ContainariumError, "none is open");
  const id = await fixture.open();
  for (
    const call of [() => fixture.exchange("nonsense"), () => fixture.sessions.close("nonsense")]
  ) {
    const error = await assertRejects(call, ContainariumError, `(open: ${id}); open_terminal`);
    assertEquals(error.code, "invalid_argument");
  }
});

Deno.test("Sessions shows an ended shell once more, but does not type into it", async () => {
  const fixture = new Fixture();
  const [first, second] = [await fixture.open(), await fixture.open()];
  for (const number of [0, 1]) {
    fixture.shells.print(number, "\r\nlast words");
    fixture.shells.end(number, "the container has stopped");
  }
  const view = await fixture.exchange(first);
  assertEquals([view.text, view.endReason], ["$\nlast words", "the container has stopped"]);
  for (const id of [first, second]) {
    const error = await assertRejects(
      () => fixture.exchange(id, "x"),
      ContainariumError,
      "stopped",
    );
    assertEquals(error.code, "failed_precondition");
  }
  assertEquals(fixture.shells.typed, [[], []]);
  assertEquals(fixture.timers, 0);
});

Deno.test("TerminalSession reports an end during a wait at once", async () => {
  const fixture = new Fixture();
  const id = await fixture.open();
  for (const waitFor of [undefined, "never"]) {
    const other = await fixture.open();
    const waiting = fixture.exchange(other, "exit\r", { waitFor });
    fixture.shells.end(fixture.shells.typed.length - 1, "the shell has ended");
    assertEquals((await waiting).endReason, "the shell has ended");
  }
  assertEquals(fixture.sessions.open, [id]);
});

Deno.test("Sessions closes all terminals at the end of the conversation, including pending ones", async () => {
  const fixture = new Fixture();
  await fixture.open();
  // The emulator would still be busy when the test ends.
  fixture.shells.prompt = "";
  const late = fixture.open();
  fixture.endConversation();
  await late;
  assertEquals(fixture.shells.closed, [0, 1]);
  assertEquals(fixture.sessions.open, []);
  assertEquals(fixture.timers, 0);
});

Deno.test("TerminalSession types one call after the other, with Escape by itself", async () => {
  const fixture = new Fixture();
  const id = await fixture.open();
  await Promise.all([
    fixture.exchange(id, "ihello\x1b:wq\r"),
    fixture.exchange(id, "\x1b[A"),
    fixture.exchange(id, "\x1b"),
  ]);
  assertEquals(fixture.shells.typed, [["ihello\x1b", ":wq\r", "\x1b[A", "\x1b"]]);
  const pauses = fixture.clock.waits.filter((milliseconds) => milliseconds === escapePauseMs);
  assertEquals(pauses.length, 2, "Escape was not left alone");
});

Deno.test("TerminalSession without a pattern waits for output, then for silence", async () => {
  const fixture = new Fixture(() => "");
  const id = await fixture.open();
  const { clock, shells } = fixture;
  clock.isStill = true;
  let asked = clock.asked;
  const waiting = fixture.exchange(id, "make\r", { waitMs: 10_000 });
  assertEquals(await asked, 10_000, "it waits for the first output");
  asked = clock.asked;
  clock.pass(400);
  shells.print(0, "make\r\n");
  assertEquals(await asked, 300);
  asked = clock.asked;
  clock.pass(299);
  shells.print(0, "done");
  assertEquals(await asked, 300);
  clock.pass(300);
  assertEquals((await waiting).text, "$ make\ndone");
  clock.isStill = false;
  // Later output is there already.
  fixture.shells.print(0, "!");
  assertEquals((await fixture.exchange(id)).text, "$ make\ndone!");
  assertEquals((await fixture.exchange(id, "", { waitMs: 0 })).text, "$ make\ndone!");
});

Deno.test("TerminalSession matches only new output, not what was typed", async (t) => {
  const answers: Readonly<Record<string, string>> = {
    "echo done\r": "echo done\r\ndone\r\n$ ",
    "secret\r": "\r\nWelcome\r\n$ ",
    "clear\r": "\x1b[H\x1b[2J$ ",
    "W\r": "\r\nWelcome\r\n$ ",
    "alarm\r": "allowed\r\n$ ",
    "cd x\rmake && echo OK\r": "cd x\r\nmake && echo OK\r\n$ make && echo OK\r\n",
    "true\recho OK\r": "true\r\n$ echo OK\r\nOK\r\n$ ",
  };
  const fixture = new Fixture((typed) => answers[typed] ?? typed.replace("\r", "\r\n"));
  const id = await fixture.open();
  const found = async (typed: string, pattern: string) => {
    const options = { waitFor: parsePattern(pattern), waitMs: 60 };
    return (await fixture.exchange(id, typed, options)).isFound;
  };
  const cases: readonly (readonly [name: string, typed: string, pattern: string, boolean])[] = [
    ["not a prompt that stood there", "", "$ ", false],
    ["the answer to what is typed", "echo done\r", "done", true],
    ["not what is typed", "make\r", "make", false],
    ["what comes after it in the same line", "secret\r", "Welcome", true],
    ["what begins as an answer that was not shown", "W\r", "Welcome", true],
    ["likewise in the same line", "alarm\r", "allowed", true],
    ["not what is typed in a later line", "cd x\rmake && echo OK\r", "OK", false],
    ["the answer to a later line", "true\recho OK\r", "/^OK$/m", true],
    ["a prompt", "echo done\r", "/^\\$ $/m", true],
    ["a prompt on a cleared screen", "clear\r", "$ ", true],
    ["not what came before", "x", "done", false],
  ];
  for (const [name, typed, pattern, expected] of cases) {
    await t.step(name, async () => assertEquals(await found(typed, pattern), expected));
  }
});

Deno.test("TerminalSession gives up on a regular expression that takes too long, and says so", async () => {
  const fixture = new Fixture(() => `\r\n${"a".repeat(35)}!`);
  const id = await fixture.open();
  const waitFor = parsePattern("/(a+)+$/");
  const error = await assertRejects(
    () => fixture.exchange(id, "x", { waitFor }),
    ContainariumError,
    "wait_for: this regular expression takes too long",
  );
  assertEquals(error.code, "invalid_argument");
  assertStringIncludes(error.message, "was typed");
  const view = await fixture.exchange(id, "", { waitFor: parsePattern("/a+!/") });
  assertEquals(view.isFound, true);
});

Deno.test("TerminalSession without typing finds output since the previous exchange", async () => {
  const fixture = new Fixture();
  const id = await fixture.open();
  fixture.shells.print(0, "\r\nBUILD OK\r\n$ ");
  assertEquals((await fixture.exchange(id, "", { waitFor: "BUILD OK" })).isFound, true);
  assertEquals((await fixture.exchange(id, "", { waitFor: "BUILD OK", waitMs: 0 })).isFound, false);
});

Deno.test("TerminalSession stays open if a call is cancelled", async () => {
  const fixture = new Fixture();
  const id = await fixture.open();
  const cancel = new AbortController();
  const waiting = fixture.exchange(id, "", { waitFor: "never", signal: cancel.signal });
  cancel.abort(new Error("Cancelled by hand"));
  await assertRejects(() => waiting, Error, "Cancelled by hand");
  assertEquals((await fixture.exchange(id, "x")).text, "$ x");
});

Deno.test("TerminalSession replies to a program's queries", async () => {
  const fixture = new Fixture();
  const id = await fixture.open();
  fixture.shells.print(0, "\x1b[6n");
  await fixture.exchange(id);
  assertEquals(fixture.shells.typed, [["\x1b[1;3R"]]);
});

Deno.test("parsePattern() reads a regular expression between slashes", () => {
  assertEquals(parsePattern("100%"), "100%");
  assertEquals(parsePattern("/etc/passwd"), "/etc/passwd");
  assertEquals(parsePattern("/done|failed/i"), /done|failed/i);
  assertEquals(parsePattern("/(/"), undefined);
  assertEquals(parsePattern("/a/gy"), "/a/gy");
});

Deno.test("Sessions closes a terminal that floods, and says why", async () => {
  const fixture = new Fixture();
  const id = await fixture.open();
  const megabyte = "0123456789abcde\n".repeat(65_536);
  for (let count = 0; count < 64; count++) fixture.shells.print(0, megabyte);
  assertEquals(fixture.shells.closed, [0]);
  fixture.shells.print(0, "more");
  const { endReason, skipped } = await fixture.exchange(id, "", { waitMs: 0 });
  assertStringIncludes(endReason ?? "", "64 million characters");
  assert(skipped > 50 * megabyte.length, `${skipped} characters were skipped`);
});

Deno.test("the result of a terminal is bounded, whatever its screen holds", () => {
  const view = {
    cursor: { row: 1, column: 1 },
    isFullScreen: false,
    scrolled: { lines: [], isCut: false },
    skipped: 0,
    isFound: undefined,
    endReason: undefined,
  };
  const screens = [
    Array(100).fill("x".repeat(300)).join("\n"),
    `e${"\u0301".repeat(2_000_000)}`,
    Array(100).fill("\u200d".repeat(2_400)).join("\n"),
  ];
  const shown = screens.map((text) => terminalAnswer("id", { ...view, text }).screen);
  assertStringIncludes(shown[0] ?? "", screens[0] ?? "no screen");
  assertStringIncludes(shown[1] ?? "", "characters left out]");
  for (const screen of shown) assert((screen ?? "").length < 45_000, screen);
});
