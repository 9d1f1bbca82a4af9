import { assertEquals } from "@std/assert";
import { keyBytes, strokes, typed } from "../../../tools/screen/keys.ts";

Deno.test("a key sends what a keyboard sends", async (t) => {
  const keys: Readonly<Record<string, string | undefined>> = {
    Enter: "\r",
    Tab: "\t",
    "Shift-Tab": "\x1b[Z",
    Escape: "\x1b",
    Backspace: "\x7f",
    Delete: "\x1b[3~",
    Insert: "\x1b[2~",
    PageUp: "\x1b[5~",
    PageDown: "\x1b[6~",
    F1: "\x1bOP",
    F5: "\x1b[15~",
    F12: "\x1b[24~",
    "Ctrl-A": "\x01",
    "Ctrl-C": "\x03",
    "ctrl+z": "\x1a",
    "Ctrl-@": "\x00",
    "Ctrl-[": "\x1b",
    "Ctrl-\\": "\x1c",
    "Ctrl-]": "\x1d",
    "Ctrl-^": "\x1e",
    "Ctrl-_": "\x1f",
    "Alt-x": "\x1bx",
    "Alt-X": "\x1bX",
    "Alt-.": "\x1b.",
    enter: "\r",
    F13: undefined,
    "Ctrl-1": undefined,
    "Alt-": undefined,
    "Alt-xy": undefined,
    x: undefined,
    constructor: undefined,
    "": undefined,
  };
  for (const [name, bytes] of Object.entries(keys)) {
    await t.step(name, () => {
      assertEquals(keyBytes(name, false), bytes);
      assertEquals(keyBytes(name, true), bytes);
    });
  }
});

Deno.test("arrows, Home and End change with the mode that a program sets", () => {
  const names = ["Up", "Down", "Right", "Left", "Home", "End"];
  const both = (isApplication: boolean) => names.map((name) => keyBytes(name, isApplication));
  assertEquals(both(false), ["\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F"]);
  assertEquals(both(true), ["\x1bOA", "\x1bOB", "\x1bOC", "\x1bOD", "\x1bOH", "\x1bOF"]);
});

Deno.test("a line's end is typed as Enter", () => {
  assertEquals(typed("a\nb\r\nc\rd"), "a\rb\rc\rd");
});

Deno.test("Escape is cut from what follows, unless both are one key", () => {
  assertEquals(strokes("ab\x1b:wq\r"), ["ab\x1b", ":wq\r"]);
  assertEquals(strokes("\x1b\x1bx"), ["\x1b", "\x1b", "x"]);
  assertEquals(strokes("\x1b[A\x1bOB"), ["\x1b[A\x1bOB"]);
  assertEquals(strokes("end\x1b"), ["end\x1b"]);
  assertEquals(strokes("plain"), ["plain"]);
});

Deno.test("keyBytes() knows keys by the names of tmux, vi and browsers", () => {
  const same: Readonly<Record<string, string>> = {
    Esc: "Escape",
    Return: "Enter",
    Del: "Delete",
    "C-c": "Ctrl-C",
    "^C": "Ctrl-C",
    "Control-D": "Ctrl-D",
    "M-x": "Alt-x",
    PgDn: "PageDown",
    ArrowUp: "Up",
    BSpace: "Backspace",
  };
  for (const [name, ours] of Object.entries(same)) {
    assertEquals(keyBytes(name, false), keyBytes(ours, false), name);
  }
  for (const name of ["C", "^", "C-", "Command-C", "constructor"]) {
    assertEquals(keyBytes(name, false), undefined, name);
  }
});
