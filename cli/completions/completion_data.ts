/**
 * What a shell completes: all of it is known beforehand, so the shell starts no program for it.
 *
 * @module
 */
import { entries, toolNames, toolsetWords } from "../../tools/mod.ts";
import type { Commands } from "../command.ts";
import type { Flags } from "../command_line.ts";

/** A word, and what it stands for. */
export interface Word {
  /** The word. */
  readonly word: string;
  /** What it stands for. */
  readonly about: string;
}

/** A command. */
export interface CompletedCommand extends Word {
  /** Its flags. */
  readonly flags: readonly Word[];
}

/** What a shell completes. */
export interface CompletionData {
  /** The commands. */
  readonly commands: readonly CompletedCommand[];
  /** Flags that take a value, which is the next word. */
  readonly valueFlags: readonly string[];
  /** Flags whose value is a file. */
  readonly fileFlags: readonly string[];
  /** Words that select toolsets. */
  readonly toolsets: readonly string[];
  /** Names of the tools. */
  readonly tools: readonly string[];
  /** Arguments by the tool. */
  readonly arguments: Readonly<Record<string, readonly string[]>>;
}

/** Collects what a shell completes. */
export async function completionData(commands: Commands): Promise<CompletionData> {
  const all = await Promise.all(
    Object.entries(commands).map(async ([name, { summary, load }]) => ({
      name,
      summary,
      flags: (await load()).flags,
    })),
  );
  const flags = all.flatMap(({ flags }) => Object.entries(flags));
  const named = (isWanted: (value: string) => boolean) => [
    ...new Set(
      flags.filter(([, { value }]) => value !== undefined && isWanted(value))
        .map(([name]) => `--${name}`),
    ),
  ];
  return {
    commands: all.map(({ name, summary, flags }) => ({
      word: name,
      about: summary,
      flags: wordsOf(flags),
    })),
    valueFlags: named(() => true),
    fileFlags: named((value) => value === "FILE"),
    toolsets: toolsetWords,
    tools: toolNames,
    arguments: Object.fromEntries(
      entries.map(({ name, description }) => [
        name,
        Object.keys(description.inputSchema.properties).map((key) => `${key}=`),
      ]),
    ),
  };
}

function wordsOf(flags: Flags): readonly Word[] {
  return [
    ...Object.entries(flags).map(([name, { help }]) => ({ word: `--${name}`, about: help })),
    { word: "--help", about: "Show help" },
    { word: "--version", about: "Show the version" },
  ];
}
