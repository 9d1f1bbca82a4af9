/**
 * `setup --write`: writes the server into a client's file, or says which command line may.
 *
 * @module
 */
import type { CommandContext } from "../command.ts";
import type { Given } from "../command_line.ts";
import { print } from "../print.ts";
import { UsageError } from "../usage_error.ts";
import { commandLine, type Folders, thisSystem } from "./client_system.ts";
import type { Client, Server } from "./mcp_client.ts";
import type { Program } from "./program.ts";
import { commandWithFiles, type Wanted } from "./wanted_server.ts";
import {
  backupOf,
  type Files,
  filesBehind,
  filesOf,
  mayEdit,
  writeConfig,
} from "./write_config.ts";

/** What is written, and where. */
export interface Entry {
  /** The client. */
  readonly client: Client;
  /** The server, as the client has to start it. */
  readonly server: Server;
  /** Where the token comes from: sentences. */
  readonly token: string;
  /** The settings that the server is started with. */
  readonly wanted: Wanted;
  /** What runs the server. */
  readonly program: Program;
  /** Where the user's files are. */
  readonly folders: Folders;
  /** The command's own flags. */
  readonly options: Given["options"];
}

/** Returns the command line that does the same with `--write`; `undefined` if there is none. */
export async function writingLine(entry: Entry): Promise<string | undefined> {
  const { client, program, folders } = entry;
  const path = client.file?.(folders);
  if (path === undefined || program.kind === "binary") return undefined;
  const files = await filesBehind(path) ?? filesOf(path);
  // Nothing grants these; the text to paste is printed all the same.
  if (files.read.some((path) => path.includes(","))) return undefined;
  return lineFor(entry, files);
}

function lineFor({ client, wanted, program, options }: Entry, files: Files): string {
  const flags = ["url", "token-file", "name", "file", "replace"].flatMap((name) => {
    const value = options[name];
    if (value === undefined) return [];
    return name === "replace" ? ["--replace"] : [`--${name}`, value];
  });
  const args = ["setup", client.id, "--write", ...flags, ...wanted.args];
  const grants = {
    net: [],
    read: [...wanted.granted.read, ...files.read],
    write: files.write,
  };
  const added = program.kind === "npm"
    ? [`--allow-read=${files.read.join(",")}`, `--allow-write=${files.write.join(",")}`]
    : [];
  const launch = commandWithFiles(program, grants, [...args, ...added]);
  return commandLine([[launch.command, ...launch.args]], thisSystem());
}

/**
 * Writes the server into the client's file, and prints what was done.
 *
 * @returns The exit code: 1 if the file was left as it is
 * @throws {UsageError} If the client has no file, or it cannot be read, parsed or written
 */
export async function writeEntry(entry: Entry, context: CommandContext): Promise<number> {
  const { client, server, token, wanted, folders, options } = entry;
  const say = (line: string) => print(`${line}\n`, context);
  const path = client.file?.(folders);
  if (path === undefined) {
    throw new UsageError(`${client.title} has no file to write: paste it at ${client.place}`);
  }
  const files = await filesBehind(path);
  if (files === undefined || !await mayEdit(files)) {
    await say(denied(entry, files ?? filesOf(path)));
    return 1;
  }
  const isReplacing = options.replace !== undefined;
  const written = await writeConfig(files, client.language, client.values(server), isReplacing);
  const toDo = [`Token: ${token}`, ...wanted.notes.map((note) => `Note: ${note}`)]
    .map((line) => `\n${line}`).join("");
  const changes = (lines: readonly string[]) => lines.map((line) => `\n  ${line}`).join("");
  switch (written.kind) {
    case "unchanged":
      await say(`${files.path} has ${server.name} like this already.`);
      return 0;
    case "differs":
      await say(
        `${files.path} has another ${server.name}, and is left as it is. --replace would change:` +
          changes(written.changes),
      );
      return 1;
    case "added":
      await say(`Added ${server.name} to ${files.path}.${toDo}\nThen: ${client.then}`);
      return 0;
    case "replaced":
      await say(
        `Replaced ${server.name} in ${files.path}; the old file is ${backupOf(files.path)}. ` +
          `Changed:${changes(written.changes)}${toDo}\nThen: ${client.then}`,
      );
      return 0;
  }
}

function denied(entry: Entry, files: Files): string {
  const { client, server, program } = entry;
  const may = `This process may not read and write ${files.path}.`;
  if (program.kind !== "binary") {
    return `${may} Run:\n  ${lineFor(entry, files)}`;
  }
  const command = client.addCommand?.(server);
  return command === undefined
    ? `${may} Paste what mcp-server setup ${client.id} prints, or run mcp-server.js:\n  ` +
      lineFor({ ...entry, program: bundle }, files)
    : `${may} Let the client do it:\n  ${commandLine(command, thisSystem())}`;
}

/** The bundle, which Deno runs with any permissions. */
const bundle: Program = { kind: "deno", deno: "deno", flags: [], script: "mcp-server.js" };
