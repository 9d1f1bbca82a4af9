import { howToGrant } from "../../tools/mod.ts";
import type { Command, CommandContext } from "../command.ts";
import { type Given, settingFlags } from "../command_line.ts";
import { expected } from "../choices.ts";
import { print } from "../print.ts";
import { Environment } from "../sources.ts";
import { UsageError } from "../usage_error.ts";
import type { Client } from "./mcp_client.ts";
import { chooseClient } from "./clients/mod.ts";
import { findClients, renderFound } from "./find_clients.ts";
import { instructions } from "./instructions.ts";
import { programElsewhere, thisProgram } from "./program.ts";
import { prepare, readWanted, type Wanted } from "./wanted_server.ts";
import { type Folders, type System, systemNames, systems, thisSystem } from "./client_system.ts";
import { writeEntry, writingLine } from "./write_entry.ts";

/** Says how a client is to start the server, and writes it into the client's file if asked to. */
export const setupCommand: Command = {
  usage: "[CLIENT] [FLAG…]",
  about:
    "Prints what to paste, run or open so that a client starts the server with the settings given\n" +
    "here. Without a client, lists the clients and which are on this machine. Prints no secret.",
  flags: {
    url: { value: "URL", help: "The daemon's address, in place of CONTAINARIUM_SERVER_URL" },
    "token-file": {
      value: "FILE",
      help: "File with the token, in place of CONTAINARIUM_JWT_TOKEN_FILE",
    },
    name: { value: "NAME", help: "Name of the server in the client (containarium)" },
    os: { value: "SYSTEM", help: "Print for linux, darwin or windows in place of this system" },
    write: { help: "Write it into the client's file, beside what is there" },
    replace: { help: "With --write: replace the server of that name, if it differs" },
    file: { value: "FILE", help: "The client's file, where it is not the usual one" },
    ...settingFlags,
  },
  takesWords: true,
  notes:
    "--write needs permission to read and write that file, FILE.new and FILE.bak, and says with\n" +
    "which flags. Exit code: 0, or 1 if --write did not write.",
  run: setUp,
};

const DEFAULT_NAME = "containarium";

async function setUp(given: Given, context: CommandContext): Promise<number> {
  const { options, words } = given;
  const name = readName(options.name);
  const system = readSystem(options.os);
  const environment = environmentOf(given, context);
  const folders = foldersOf(system, environment);
  const unknownHome = unknownHomeNote(folders, environment);
  if (words.length === 0) {
    if (options.write !== undefined) {
      throw new UsageError("--write takes a client: setup CLIENT --write");
    }
    await print(await overview(folders, name, unknownHome), context);
    return 0;
  }
  const client = withFile(chooseClient(words.join(" ")), options.file);
  const read = await readWanted(given, environment);
  const wanted = { ...read, notes: [...read.notes, ...unknownHome] };
  const isHere = system === thisSystem();
  const program = isHere ? await thisProgram() : programElsewhere(system);
  const { server, token } = prepare(client, wanted, program, folders, name);
  const entry = { client, server, token, wanted, program, folders, options };
  if (options.write !== undefined) {
    if (!isHere) throw new UsageError("--write writes on this system only: leave out --os");
    return await writeEntry(entry, context);
  }
  const notes = [...wanted.notes, ...(isHere ? await ungranted(wanted) : [elsewhere(system)])];
  const writing = isHere ? await writingLine(entry) : undefined;
  await print(await instructions(client, server, folders, { token, notes, writing }), context);
  return 0;
}

function readName(given: string | undefined): string {
  if (given === undefined) return DEFAULT_NAME;
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/.test(given)) return given;
  throw new UsageError(
    `--name "${given}": expected up to 32 letters, digits, - and _; it becomes part of each tool's name`,
  );
}

function readSystem(given: string | undefined): System {
  if (given === undefined) return thisSystem();
  const plain = given.toLowerCase();
  const found = systems.find((system) =>
    plain === system || plain === systemNames[system].toLowerCase()
  );
  if (found !== undefined) return found;
  throw new UsageError(`--os "${given}": ${expected(plain, systems)}`);
}

/** The flags stand for variables that have none while serving, where a client sets them. */
function environmentOf({ options }: Given, { readVariable }: CommandContext): Environment {
  const file = options["token-file"];
  return new Environment((name) => {
    if (name === "CONTAINARIUM_SERVER_URL") return options.url ?? readVariable(name);
    // It would be chosen instead of the address.
    if (name === "CONTAINARIUM_SERVER" && options.url !== undefined) return undefined;
    if (name === "CONTAINARIUM_JWT_TOKEN_FILE") return file ?? readVariable(name);
    if (name === "CONTAINARIUM_JWT_TOKEN" && file !== undefined) return undefined;
    return readVariable(name);
  });
}

const homes: Readonly<Record<System, string>> = {
  linux: "/home/you",
  darwin: "/Users/you",
  windows: "C:\\Users\\you",
};

function foldersOf(system: System, environment: Environment): Folders {
  const home = system === thisSystem()
    ? environment.read(system === "windows" ? "USERPROFILE" : "HOME")
    : undefined;
  return { system, home: home === undefined || home === "" ? homes[system] : home };
}

/** Without the home, the paths that are printed lead nowhere. */
function unknownHomeNote({ system, home }: Folders, environment: Environment): readonly string[] {
  const name = system === "windows" ? "USERPROFILE" : "HOME";
  if (system !== thisSystem() || (environment.read(name) ?? "") !== "") return [];
  return [`${home} stands for your home: ${name} is not set, or needs --allow-env=${name}.`];
}

function withFile(client: Client, path: string | undefined): Client {
  if (path === undefined) return client;
  return { ...client, file: () => path, place: undefined };
}

async function overview(
  folders: Folders,
  name: string,
  unknownHome: readonly string[],
): Promise<string> {
  const found = await findClients(folders, name);
  const denied = found.flatMap(({ path, state }) => state === "denied" ? [path] : []);
  const isAny = found.some(({ state }) => state !== "denied" && state !== "unknown");
  const looking = unknownHome.length > 0
    ? unknownHome
    : denied.length === 0
    ? []
    : Deno.build.standalone
    ? ["This binary was not built to look for clients: it reads no other files than its own."]
    : [`To look for ${isAny ? "the others" : "them"}, add --allow-read='${denied.join(",")}'`];
  return [
    renderFound(found),
    ...looking,
    "mcp-server setup CLIENT prints what to paste; --write writes it.",
  ].join("\n\n") + "\n";
}

function elsewhere(system: System): string {
  return `This is for ${systemNames[system]}: adapt the paths of the program and of your home.`;
}

/** A binary has its permissions built in. */
async function ungranted({ granted }: Wanted): Promise<readonly string[]> {
  if (!Deno.build.standalone) return [];
  const states = await Promise.all(
    granted.read.map((path) => Deno.permissions.query({ name: "read", path })),
  );
  return granted.read.filter((_, at) => states[at]?.state !== "granted")
    .map((path) => `This binary may not read ${path}; ${howToGrant("it", { read: path })}.`);
}
