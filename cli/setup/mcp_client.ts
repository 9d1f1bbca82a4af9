import type { Language, Placed } from "./editor.ts";
import type { Folders, System } from "./client_system.ts";

/** The server, as a client has to start it. */
export interface Server {
  /** Its name in the client. */
  readonly name: string;
  /** The program. */
  readonly command: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Variables to set. None is a secret: at most a reference to one. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether the token comes from a variable that the client itself has to pass on or to ask for. */
  readonly isTokenPassed: boolean;
  /** The system that the client runs on. */
  readonly system: System;
}

/** How a client keeps a token out of its file. */
export interface TokenWay {
  /** What stands in the file in its place. Absent: a field of its own, in `entry`. */
  readonly reference?: string | undefined;
  /** What the user does: a sentence. */
  readonly how: string;
  /** Whether it works without a variable in the user's environment: the client asks for the token. */
  readonly asks?: true | undefined;
  /** What of it is known from others only. */
  readonly unverified?: string | undefined;
}

/** A program that starts MCP servers. */
export interface Client {
  /** Its word on the command line. */
  readonly id: string;
  /** Its name. */
  readonly title: string;
  /** Other words for it. */
  readonly aliases?: readonly string[] | undefined;
  /** Language of its file. */
  readonly language: Language;
  /** Returns the user's file. Absent: it is edited only in the client. */
  readonly file?: ((folders: Folders) => string) | undefined;
  /** Where to paste, if not simply into the file. */
  readonly place?: string | undefined;
  /** What goes into the file; the server's entry is the first. */
  readonly values: (server: Server) => readonly Placed[];
  /** How the token stays out of the file. Absent: only in a file of its own. */
  readonly token?: TokenWay | undefined;
  /** Whether it starts the server with nothing but PATH. */
  readonly inheritsNothing?: true | undefined;
  /** The client's own command that adds the server; `undefined` if it cannot say all. */
  readonly addCommand?:
    | ((server: Server) => readonly (readonly string[])[] | undefined)
    | undefined;
  /** A link that adds the server; `undefined` if there is none for it. */
  readonly link?: ((server: Server) => string | undefined) | undefined;
  /** How long a call may take, and what changes that. */
  readonly longCalls: string;
  /** What to do then. */
  readonly then: string;
  /** What is known from others only, besides `token.unverified`. */
  readonly unverified: readonly string[];
}

/** Returns the usual entry of a server. */
export function commonEntry({ command, args, env }: Server): Readonly<Record<string, unknown>> {
  return { command, args, env };
}

/** Returns the usual place of a server. */
export function underMcpServers(
  entry: (server: Server) => Readonly<Record<string, unknown>>,
): Client["values"] {
  return (server) => [{ keys: ["mcpServers", server.name], value: entry(server) }];
}

/** Returns variables as flags of a command, a group each. */
export function envFlags({ env }: Server, flag: string): readonly (readonly string[])[] {
  return Object.entries(env).map(([name, value]) => [flag, `${name}=${value}`]);
}

/** Returns text as base64, as links carry it. */
export function base64(text: string): string {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
}
