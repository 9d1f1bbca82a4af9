/** No output keeps the emulator busy, and normal output is unchanged. */
import { assert, assertEquals } from "@std/assert";
// @ts-types="../../../tools/screen/xterm.d.ts"
import { Terminal } from "@xterm/headless/lib-headless/xterm-headless.mjs";
import fc from "fast-check";
import { ControlFilter } from "../../../tools/screen/control_filter.ts";
import { Emulator } from "../../../tools/screen/emulator.ts";
import { Intake } from "../../../tools/screen/intake.ts";
import { Screen } from "../../../tools/screen/screen.ts";

const size = { cols: 12, rows: 5 };
const count = (most: number) => fc.integer({ min: 0, max: most }).map((n) => n === 0 ? "" : `${n}`);

/** Normal output: text, and control functions with counts that fit the screen. */
const ordinary = fc.oneof(
  fc.constantFrom(
    "a",
    "Zebra",
    "€",
    "日本",
    "e\u0301",
    " ",
    "\r\n",
    "\n",
    "\r",
    "\t",
    "\b",
    "\x07",
  ),
  fc.tuple(fc.constantFrom(..."ABCDEFGaede`X@P"), count(12)).map(([final, n]) =>
    `\x1b[${n}${final}`
  ),
  fc.tuple(fc.constantFrom(..."LMST"), count(5)).map(([final, n]) => `\x1b[${n}${final}`),
  fc.tuple(fc.constantFrom(..."IZb"), count(12)).map(([final, n]) => `\x1b[${n}${final}`),
  fc.tuple(count(5), count(12)).map(([row, column]) => `\x1b[${row};${column}H`),
  fc.tuple(count(5), count(5)).map(([top, bottom]) => `\x1b[${top};${bottom}r`),
  fc.constantFrom(
    "J",
    "2J",
    "3J",
    "K",
    "1K",
    "2K",
    "m",
    "1;31m",
    "38;2;1;2;3m",
    "4:3m",
    "?7l",
    "?7h",
  )
    .map((rest) => `\x1b[${rest}`),
  fc.constantFrom(
    "?1049h",
    "?1049l",
    "?25l",
    "4h",
    "4l",
    "!p",
    " q",
    "2 @",
    "2 A",
    "3'}",
    "3'~",
    "s",
    "u",
  )
    .map((rest) => `\x1b[${rest}`),
  fc.constantFrom("7", "8", "M", "D", "E", "c", "#8", "(0", "(B", "=", ">").map((rest) =>
    `\x1b${rest}`
  ),
  fc.constantFrom(
    "\x1b]0;title\x07",
    "\x1b]8;;http://x\x1b\\",
    "\x1bP+q544e\x1b\\",
    "\x1b_apc\x1b\\",
  ),
  fc.constantFrom("\x1b[1\n2C", "\x1b[\x1b[3C", "\x1b[3\x18C", "\x9b4D", "\x1b[<1;2;3M"),
);

/** Splits text at random places. */
const pieces = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.array(fc.nat(40), { maxLength: 20 })).map(([whole, lengths]) => {
    const cut: string[] = [];
    let at = 0;
    for (const length of lengths) cut.push(whole.slice(at, at += length));
    return [...cut, whole.slice(at)];
  });

Deno.test("ControlFilter leaves what a screen shows of programs as it is", async () => {
  const streams = pieces(fc.array(ordinary, { maxLength: 40 }).map((parts) => parts.join("")));
  await fc.assert(
    fc.asyncProperty(streams, async (stream) => {
      const plain = new Terminal({ allowProposedApi: true, ...size, scrollback: 2_000 });
      const screen = await Screen.open({ ...size, reply: () => {} });
      for (const piece of stream) {
        plain.write(piece);
        screen.write(piece);
      }
      await new Promise<void>((resolve) => plain.write("", resolve));
      await screen.settled();
      const { active } = plain.buffer;
      const rows = Array.from(
        { length: size.rows },
        (_, row) => active.getLine(active.baseY + row)?.translateToString(true).trimEnd() ?? "",
      );
      assertEquals(screen.text, rows.join("\n").trimEnd());
      const column = Math.min(active.cursorX + 1, size.cols);
      assertEquals(screen.cursor, { row: active.cursorY + 1, column });
    }),
    { numRuns: 300 },
  );
});

/** Text, or one complete control function, as the emulator receives it. */
const whole =
  // deno-lint-ignore no-control-regex -- these are control functions
  /^(?:[^\x1b\x80-\x9f]*|[\x80-\x9f]|\x1b[ -/]{0,2}[0-~]|\x1b\[[<=>?]?([\d:;]*)([ -/]*)([@-~])|\x1bP\d*\$q[ -~]*\x1b\\)$/;
/** Control functions that the emulator repeats as often as requested. */
const mostOf: Readonly<Record<string, number>> = {
  ...Object.fromEntries([..."LMST"].map((final) => [final, size.rows])),
  ...Object.fromEntries([..."IZb"].map((final) => [final, size.cols])),
};

Deno.test("ControlFilter passes only complete functions with small counts to the emulator", () => {
  const huge = fc.constantFrom(
    "2000000000",
    "99999",
    "0000000004294967297",
    "1;2000000000",
    "",
    ":9999999",
  );
  const hostile = fc.oneof(
    ordinary,
    fc.string({ unit: "binary-ascii", maxLength: 10 }),
    fc.tuple(
      fc.constantFrom("\x1b[", "\x9b", "\x1b[?", "\x1b[\x00", "\x1b[\x7f"),
      huge,
      huge,
      fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 1 }),
    )
      .map((parts) => parts.join("")),
    fc.tuple(fc.constantFrom("\x1b]", "\x1bP", "\x1b_", "\x9d", "\x90", "\x98"), fc.string())
      .map((parts) => parts.join("")),
    fc.constant("\x1b[" + "1;".repeat(500) + "m"),
    fc.constant("\x1bP1$q" + "x".repeat(5_000)),
    fc.constantFrom("\x1b", "\x18", "\x9c", "\x85", "\ud800"),
  );
  fc.assert(
    fc.property(
      pieces(fc.array(hostile, { maxLength: 30 }).map((parts) => parts.join(""))),
      (stream) => {
        const filter = new ControlFilter(size);
        for (const { text, weight } of stream.flatMap((piece) => filter.push(piece))) {
          const found = whole.exec(text);
          assert(found !== null, JSON.stringify(text));
          assert(text.length <= 512, `${text.length} characters at once`);
          const [, parameters = "", between, final = ""] = found;
          const most = between === "" && !/^.\[[<=>?]/.test(text) ? mostOf[final] ?? 9_999 : 9_999;
          for (const digits of parameters.match(/\d+/g) ?? []) {
            assert(Number(digits) <= most, JSON.stringify(text));
          }
          assert(
            weight >= Math.min(text.length, 4) || text.length === 1,
            `${text} weighs ${weight}`,
          );
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

Deno.test("ControlFilter keeps no string for the terminal, however long", () => {
  const filter = new ControlFilter(size);
  filter.push("a\x1b]0;");
  for (let count = 0; count < 1_000; count++) assertEquals(filter.push("title".repeat(1_000)), []);
  assertEquals(filter.push("\x07b").map(({ text }) => text), ["\x1b\\", "b"]);
});

Deno.test("Screen survives input at which the emulator fails", async (t) => {
  await t.step("erasing up to the last cell of all", async () => {
    for (const erase of ["1J", "?1J", "1;2J", "01J"]) {
      const screen = await Screen.open({ ...size, reply: () => {} });
      screen.write(`text\x1b[999;999H\x1b[${erase}\x1b[Hafter`);
      await screen.settled();
      assertEquals(screen.text, "after");
    }
  });
  await t.step("anything else", () => {
    class Faulty extends Terminal {
      override write(text: string): void {
        if (text.includes("fault")) throw new TypeError("Cannot set properties of undefined");
        super.write(text);
      }
    }
    const emulator = new Emulator(
      () => new Faulty({ allowProposedApi: true, ...size, scrollback: 10 }),
      () => {},
    );
    assertEquals(emulator.take({ text: "fault", weight: 5 }), false);
    emulator.restart();
    assertEquals(emulator.take({ text: "on", weight: 2 }), true);
    assertEquals(emulator.terminal.buffer.active.getLine(0)?.translateToString(true), "on");
  });
});

Deno.test("Screen replies to a limited number of queries", async () => {
  const replies: string[] = [];
  const screen = await Screen.open({ ...size, reply: (text) => void replies.push(text) });
  screen.write("\x1b[6n".repeat(1_000));
  await screen.settled();
  assertEquals(replies.length, 100);
  screen.allowReplies();
  screen.write("\x1b[5n");
  await screen.settled();
  assertEquals(replies.slice(100), ["\x1b[0n"]);
});

Deno.test("Screen limits the characters without width in a cell", async () => {
  const screen = await Screen.open({ ...size, reply: () => {} });
  screen.write(`e${"\u0301".repeat(100_000)}`);
  await screen.settled();
  assert(screen.text.length <= size.cols * 8, `${screen.text.length} characters in a row`);
  screen.write("\x1b[H\x1b[2Jafter");
  await screen.settled();
  assertEquals(screen.text, "after");
});

Deno.test("Screen lets the event loop run during a flood", async () => {
  const weights: number[] = [];
  const intake = new Intake(size, ({ weight }) => void weights.push(weight));
  for (let count = 0; count < 100; count++) intake.push("\x1b[2000000000S\x1b[2J".repeat(100));
  let turns = 0;
  const before = weights.length;
  const settled = intake.settled();
  for (let isOver = false; !isOver; turns++) {
    const one = weights.length;
    await new Promise((resolve) => setTimeout(resolve));
    const sum = weights.slice(one).reduce((all, weight) => all + weight, 0);
    // The intake may write twice between two turns of this test.
    assert(sum <= 2 * 17_408, `${sum} at once`);
    isOver = weights.length === 20_000;
  }
  await settled;
  assert(turns > 50 && before === 0, `${turns} turns`);
});

Deno.test("Screen does not join output after a gap with an unfinished function before it", async () => {
  const shown: string[] = [];
  const intake = new Intake(size, ({ text }) => void shown.push(text));
  intake.push(`${"x".repeat(4_000_001)}\x1b]0;a title`);
  intake.push("its end, skipped\x07");
  await intake.settled();
  assertEquals(intake.takeSkipped() > 0, true);
  intake.push("$ prompt");
  await intake.settled();
  assertEquals(shown.join("").slice(-8), "$ prompt");
});
