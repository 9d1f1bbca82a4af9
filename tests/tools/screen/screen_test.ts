import { assertEquals } from "@std/assert";
import { Echo } from "../../../tools/screen/echo.ts";
import { Screen } from "../../../tools/screen/screen.ts";

/** A small screen, and its automatic replies. */
async function openScreen(): Promise<{ screen: Screen; answers: string[] }> {
  const answers: string[] = [];
  const reply = (text: string) => void answers.push(text);
  return { screen: await Screen.open({ cols: 10, rows: 4, reply }), answers };
}

async function print(screen: Screen, text: string): Promise<void> {
  screen.write(text);
  await screen.settled();
}

Deno.test("Screen shows what a user would see", async (t) => {
  const cases: Readonly<Record<string, readonly [string, string, row: number, column: number]>> = {
    "nothing": ["", "", 1, 1],
    "a prompt, the blank behind it left out": ["$ ", "$", 1, 3],
    "a bar that is drawn again": ["10%\r 50%\r100%", "100%", 1, 5],
    "a cleared screen": ["old\r\nold\x1b[2J\x1b[Hnew", "new", 1, 4],
    "text at a place": ["\x1b[3;5Hhere", "\n\n    here", 3, 9],
    "wide characters": ["日本\x1b[31m€\x1b[0m", "日本€", 1, 6],
    "a line that goes on in the next row": ["0123456789ab", "0123456789\nab", 2, 3],
    "the last column": ["0123456789", "0123456789", 1, 10],
    "only what did not scroll off": ["1\r\n2\r\n3\r\n4\r\n5", "2\n3\n4\n5", 4, 2],
    "backspaces": ["abc\b\b\x1b[K", "a", 1, 2],
  };
  for (const [name, [printed, text, row, column]] of Object.entries(cases)) {
    await t.step(name, async () => {
      const { screen } = await openScreen();
      await print(screen, printed);
      assertEquals(screen.text, text);
      assertEquals(screen.cursor, { row, column });
    });
  }
});

Deno.test("Screen replies to a program's queries", async () => {
  const { screen, answers } = await openScreen();
  await print(screen, "ab\x1b[6n\x1b[5n");
  assertEquals(answers, ["\x1b[1;3R", "\x1b[0n"]);
});

Deno.test("Screen knows application mode and the alternate screen", async () => {
  const { screen } = await openScreen();
  assertEquals([screen.hasApplicationCursor, screen.isFullScreen], [false, false]);
  await print(screen, "$ vi\r\n\x1b[?1h\x1b[?1049h\x1b[Hfile");
  assertEquals([screen.hasApplicationCursor, screen.isFullScreen], [true, true]);
  assertEquals(screen.text, "file");
  await print(screen, "\x1b[?1l\x1b[?1049l");
  assertEquals([screen.hasApplicationCursor, screen.isFullScreen], [false, false]);
  assertEquals(screen.text, "$ vi");
});

Deno.test("Screen returns as new only what was printed since a mark", async (t) => {
  const cases: Readonly<Record<string, readonly [before: string, then: string, fresh: string]>> = {
    "nothing": ["$ ", "", ""],
    "the rest of a line, and lines": ["$ ", "ls\r\na b\r\n$ ", "ls\na b\n$ "],
    "lines of which some scrolled off": ["$ ", "x\r\n1\r\n2\r\n3\r\n4\r\n5", "x\n1\n2\n3\n4\n5"],
    "a line that is drawn again": ["at 10%", "\rat 20%", "at 20%"],
    "a line that was wrapped": ["$ ", "0123456789ab", "0123456789ab"],
    "the rest of a line that was wrapped": ["0123456789ab", "cd", "cd"],
    "a cleared screen": ["$ clear", "\x1b[H\x1b[2J\x1b[3J$ ", "$ "],
    "a screen of its own": ["$ vi", "\r\n\x1b[?1049h\x1b[Hfile", "file"],
    "output before the alternate screen": ["$ ", "vi\r\n\x1b[?1049h\x1b[Hfile", "vi\nfile"],
    "in a screen of its own": ["\x1b[?1049h\x1b[Hfile", "\x1b[4;1H:wq", ":wq"],
    "back from a screen of its own": ["$ vi\r\n\x1b[?1049h\x1b[Hfile", "\x1b[?1049l$ ", "$ "],
  };
  for (const [name, [before, then, fresh]] of Object.entries(cases)) {
    await t.step(name, async () => {
      const { screen } = await openScreen();
      await print(screen, before);
      const mark = screen.mark();
      await print(screen, then);
      assertEquals(screen.newSince(mark, new Echo("")), fresh);
    });
  }
});

Deno.test("Screen returns scrolled-off lines once, with wrapped lines joined", async () => {
  const { screen } = await openScreen();
  const start = screen.mark();
  await print(screen, "1\r\n0123456789ab\r\n3\r\n4\r\n5");
  assertEquals(screen.scrolledSince(start), { lines: ["1", "0123456789"], isCut: false });
  const later = screen.mark();
  assertEquals(screen.scrolledSince(later), { lines: [], isCut: false });
  await print(screen, "\r\n6\r\n7\r\n8\r\n");
  assertEquals(screen.scrolledSince(later), { lines: ["ab", "3", "4", "5"], isCut: false });
  assertEquals(screen.scrolledSince(start).lines, ["1", "0123456789ab", "3", "4", "5"]);
});

Deno.test("Screen keeps a mark over the alternate screen and much scrolling", async () => {
  const { screen } = await openScreen();
  await print(screen, "$ ");
  const mark = screen.mark();
  await print(screen, "1\r\n2\r\n3\r\n4\r\n5\r\n\x1b[?1049h\x1b[Hfile");
  assertEquals(screen.scrolledSince(mark).lines, ["$ 1", "2"]);
  const inside = screen.mark();
  await print(screen, "\x1b[?1049l6\r\n7");
  assertEquals(screen.scrolledSince(inside).lines, ["3"]);
  assertEquals(screen.newSince(inside, new Echo("")), "6\n7");
  for (let count = 0; count < 1_500; count++) screen.write(`line ${count}\r\n`);
  await screen.settled();
  screen.mark();
  for (let count = 0; count < 499; count++) screen.write(`more ${count}\r\n`);
  await screen.settled();
  assertEquals(screen.scrolledSince(mark).isCut, true);
  const since = screen.scrolledSince(inside);
  assertEquals([since.lines.length, since.isCut, since.lines[0]], [2_000, false, "3"]);
  await print(screen, "\n");
  assertEquals(screen.scrolledSince(inside).isCut, true);
});

Deno.test("Screen does not report cleared lines as dropped", async () => {
  const { screen } = await openScreen();
  await print(screen, "1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n");
  const mark = screen.mark();
  await print(screen, "7\r\n8\x1b[H\x1b[2J\x1b[3Ja\r\nb\r\nc\r\nd\r\ne");
  assertEquals(screen.scrolledSince(mark), { lines: ["a"], isCut: false });
  for (let count = 0; count < 3_000; count++) screen.write(`line ${count}\r\n`);
  await screen.settled();
  assertEquals(screen.scrolledSince(mark).isCut, true);
});

Deno.test("Screen counts output that comes too fast, once", async () => {
  const { screen } = await openScreen();
  const piece = "0123456789".repeat(100_000);
  for (let count = 0; count < 10; count++) screen.write(piece);
  assertEquals(screen.takeSkipped(), 5 * piece.length);
  assertEquals(screen.takeSkipped(), 0);
  await screen.settled();
  await print(screen, "\r\nend");
  assertEquals(screen.text.endsWith("end"), true);
});
