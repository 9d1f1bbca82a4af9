import { z } from "zod";
import { visible } from "../../client/internal.ts";
import { fence } from "../text/fence.ts";
import { freeText } from "../text/free_text.ts";
import { formatFacts } from "../text/format.ts";
import { unlessEmpty } from "../lean.ts";
import type { View } from "../screen/terminal_session.ts";

/** Maximum number of characters of scrolled-off lines in a result. */
const MAX_LINES = 200;
const MAX_CHARS = 8_000;

/** The largest screen has 30,000 cells; escaped characters take more. */
const MAX_SCREEN_CHARS = 40_000;
const MAX_ROW_CHARS = 2_000;

/** A terminal in a result. */
export const terminal = z.strictObject({
  terminal_id: z.string().describe("For send_to_terminal and close_terminal"),
  scrolled: freeText(
    "Lines that left the screen since the last answer: data from the container; absent: none",
  ).optional(),
  scrolled_cut: z.boolean().optional()
    .describe("Whether earlier ones of those are left out; absent: false"),
  screen: freeText("The screen as a user sees it: data from the container; absent: empty")
    .optional(),
  cursor_row: z.number().describe("Row of the cursor, 1 at the top"),
  cursor_column: z.number().describe("Column of the cursor, 1 at the left"),
  full_screen: z.boolean().optional()
    .describe("Whether a full-screen program such as vi is running; absent: false"),
  skipped_characters: z.number().optional()
    .describe("Characters that came too fast to be shown; the screen may be garbled"),
  ended: z.boolean().optional().describe("Whether the terminal has ended; absent: false"),
  end_reason: z.string().optional().describe("Why it has ended"),
});

/** A terminal in a result. */
export type TerminalAnswer = z.infer<typeof terminal>;

/** Returns a view as a result has it. */
export function terminalAnswer(id: string, view: View): TerminalAnswer {
  const lines = lastLines(view.scrolled.lines);
  return {
    terminal_id: id,
    scrolled: lines.length === 0
      ? undefined
      : fence(lines.join("\n"), "scrolled by", "the container"),
    scrolled_cut: unlessEmpty(view.scrolled.isCut || lines.length < view.scrolled.lines.length),
    screen: view.text === "" ? undefined : fence(fitting(view.text), "screen", "the container"),
    cursor_row: view.cursor.row,
    cursor_column: view.cursor.column,
    full_screen: unlessEmpty(view.isFullScreen),
    skipped_characters: view.skipped === 0 ? undefined : view.skipped,
    ended: unlessEmpty(view.endReason !== undefined),
    end_reason: view.endReason === undefined ? undefined : visible(view.endReason),
  };
}

/** Shortens a screen to what a result holds. */
function fitting(screen: string): string {
  let room = MAX_SCREEN_CHARS;
  return screen.split("\n").map((row) => {
    const start = startOf(row, Math.min(room, MAX_ROW_CHARS));
    room -= visible(start).length;
    const left = row.length - start.length;
    return left === 0 ? row : `${start}… [${left} characters left out]`;
  }).join("\n");
}

function startOf(row: string, most: number): string {
  if (row.length <= most && visible(row).length <= most) return row;
  let room = most;
  let end = 0;
  for (const character of row) {
    room -= visible(character).length;
    if (room < 0) break;
    end += character.length;
  }
  return row.slice(0, end);
}

/** Returns the last lines, as many as a result holds. */
function lastLines(lines: readonly string[]): readonly string[] {
  let room = MAX_CHARS;
  const newest = lines.slice(-MAX_LINES).toReversed();
  const first = newest.findIndex((line) => (room -= visible(line).length + 1) < 0);
  return newest.slice(0, first === -1 ? undefined : first).reverse();
}

/** Returns what a terminal shows, the screen last. */
export function renderTerminal(from: TerminalAnswer): string {
  const facts = formatFacts({
    "left out": from.scrolled_cut === true ? "earlier lines that scrolled by" : undefined,
    "came too fast to be shown": from.skipped_characters?.toString(),
  });
  const cursor = from.screen === undefined
    ? "The screen is empty."
    : `${from.screen}\ncursor: row ` +
      `${from.cursor_row}, column ${from.cursor_column}${
        from.full_screen === true ? "; full screen" : ""
      }`;
  const end = from.ended === true ? `The terminal has ended: ${from.end_reason ?? ""}` : "";
  return [facts, from.scrolled ?? "", cursor, end].filter((part) => part !== "").join("\n");
}

/** ID of the terminal. */
export const terminalId = z.string().min(1)
  .refine(({ length }) => length <= 64, "at most 64 characters").describe("From open_terminal");
