import { tooLong } from "../../server/stdio/lines.ts";
import { bootLogger } from "../boot_log.ts";
import type { Command, CommandContext } from "../command.ts";
import type { Given } from "../command_line.ts";
import { openSettings } from "../configure.ts";
import { Interrupts } from "../interrupts.ts";
import { print } from "../print.ts";
import { Environment } from "../sources.ts";
import { UsageError } from "../usage_error.ts";
import { auditFlags } from "./audit_flags.ts";
import { filterOf } from "./call_filter.ts";
import { entryIn } from "./entry_line.ts";
import { recordLines } from "./record_lines.ts";
import { CallsInRecord, type RecordedCall } from "./recorded_call.ts";
import { callHeading, jsonOf, renderCall } from "./render_call.ts";

/** Shows what was recorded of changes. */
export const auditCommand: Command = {
  usage: "[FLAG…] [FILE]",
  about:
    "Shows the record of changes: a line for each call, when it ended. FILE is that of --audit\n" +
    "or CONTAINARIUM_AUDIT_FILE. It talks to no daemon, and needs --allow-read=FILE.",
  flags: auditFlags,
  takesWords: true,
  notes:
    "Calls without an end come last, as unfinished: the server was ended meanwhile, or they\n" +
    "still run. What is no entry is counted on stderr. Exit code: 0, and 2 if FILE cannot be read\n" +
    "or has lines, but no entry.",
  run: showRecord,
};

/** Lines that are no entries: how many there are, and the numbers of two. */
interface Others {
  count: number;
  first: number;
  last: number;
}

async function showRecord(given: Given, context: CommandContext): Promise<number> {
  const path = await pathOf(given, context);
  const isWanted = filterOf(given);
  const { json, follow } = given.options;
  const calls = new CallsInRecord();
  const others: Others = { count: 0, first: 0, last: 0 };
  let [number, isLastTorn, hasEntries] = [0, false, false];
  using interrupts = new Interrupts();
  let isRead = true;
  let hasHeading = json !== undefined;
  // Not before the file has been read: an error has no table.
  const showHeading = async () => {
    if (!hasHeading) await print(callHeading, context);
    hasHeading = true;
  };
  const show = async (call: RecordedCall) => {
    if (!isWanted(call)) return;
    await showHeading();
    isRead = await print(json === undefined ? renderCall(call) : jsonOf(call), context);
  };
  for await (const line of recordLines(path, follow !== undefined, interrupts.signal)) {
    number++;
    if (line !== tooLong && line.trim() === "") continue;
    const entry = line === tooLong ? undefined : entryIn(line);
    isLastTorn = entry === undefined;
    if (entry === undefined) {
      if (others.count === 0) others.first = number;
      others.count++;
      others.last = number;
      continue;
    }
    hasEntries = true;
    const ended = calls.take(entry);
    if (ended !== undefined) await show(ended);
    if (!isRead) return 0;
  }
  for (const call of calls.unfinished) await show(call);
  if (!hasEntries && others.count > 0) {
    throw new UsageError(`${path} is no record of changes: no line of it is an entry of --audit`);
  }
  await showHeading();
  report(others, isLastTorn, context);
  return 0;
}

async function pathOf(given: Given, context: CommandContext): Promise<string> {
  const [path, stray] = given.words;
  if (stray !== undefined) throw new UsageError("audit takes the name of one file");
  if (path !== undefined) return path;
  const environment = new Environment(context.readVariable);
  const { sources } = await openSettings(given.variables, environment, bootLogger(context));
  const found = sources.find("CONTAINARIUM_AUDIT_FILE");
  if (found !== undefined) return found.value;
  throw new UsageError("audit takes the record's file: mcp-server audit FILE");
}

/** Says what was no entry: of other programs, or torn. */
function report(
  { count, first, last }: Readonly<Others>,
  isLastTorn: boolean,
  { writeLog }: CommandContext,
): void {
  const earlier = isLastTorn ? count - 1 : count;
  if (earlier > 0) {
    const lines = earlier === 1 ? "1 line is no entry" : `${earlier} lines are no entries`;
    writeLog(`${lines} of a record, the first of them line ${first}\n`);
  }
  if (isLastTorn) {
    writeLog(
      `Line ${last}, the last, is torn: it is being written, or was never finished\n`,
    );
  }
}
