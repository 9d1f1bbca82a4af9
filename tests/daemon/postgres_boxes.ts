/** PostgreSQL inside containers: what `psql`, `pg_dump` and `pg_restore` say there. @module */

import { integer, text } from "./protojson.ts";
import type { PostgresSeed } from "./types.ts";
import type { World } from "./world.ts";

/** `PgConnection`. */
export const connectionFields = {
  database: text,
  user: text,
  password: text,
  host: text,
  port: integer("int32"),
};

/** How to get at a server; what is left out has a default. */
export interface Connection {
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly port: number;
}

/** Without any of it. */
export const noConnection: Connection = {
  database: "",
  user: "",
  password: "",
  host: "",
  port: 0,
};

/** What a program of PostgreSQL's says, beginning with how its command ended. */
export interface Complaint {
  readonly ending: string;
  readonly text: string;
}

/** The server in that user's container; undefined when PostgreSQL is not installed there. */
export function serverOf(world: World, username: string): PostgresSeed | undefined {
  return world.services.postgresBoxes.find((box) => box.username === username);
}

/** Why the program does not get in; undefined when it does. */
export function complaintOf(
  server: PostgresSeed | undefined,
  program: "psql" | "pg_dump" | "pg_restore",
  connection: Connection,
): Complaint | undefined {
  if (server === undefined) {
    return {
      ending: "command execution failed: Command not found",
      text: `bash: line 1: ${program}: command not found`,
    };
  }
  const problem = problemOf(server, connection);
  if (problem === undefined) return undefined;
  const { asked, words } = problem;
  return {
    ending: `command exited with code ${program === "psql" ? 2 : 1}`,
    text: `${asked ?? ""}${program}: error: ${words}`,
  };
}

function problemOf(
  server: PostgresSeed,
  { database, user, password, host, port }: Connection,
): { readonly asked?: string; readonly words: string } | undefined {
  const at = `connection to server at "${host || "127.0.0.1"}", port ${port || 5432} failed:`;
  if (port !== 0 && port !== 5432) {
    return {
      words:
        `${at} Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?`,
    };
  }
  if (password === "") {
    return { asked: "Password: \n", words: `${at} fe_sendauth: no password supplied` };
  }
  if (user !== server.user || password !== server.password) {
    // With TLS, then without.
    const refused = `${at} FATAL:  password authentication failed for user "${user}"`;
    return { words: `${refused}\n${refused}` };
  }
  return database === "" || database in server.databases
    ? undefined
    : { words: `${at} FATAL:  database "${database}" does not exist` };
}
