/**
 * How the daemon gets into a database server: always the one in the container itself, with a password
 * that the container has. With another host, or a database `host=… dbname=…`, which PostgreSQL's programs
 * read as a whole connection, somebody else's server would be sent the password.
 *
 * @module
 */
import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError } from "../errors.ts";
import { isPort } from "../routes/mod.ts";
import type { Secrets } from "../secrets/mod.ts";
import { type JsonObject, unlessEmpty } from "../wire.ts";

/** How the daemon gets into the database server in a container, at 127.0.0.1. */
export interface DatabaseLogin {
  /**
   * User of the database server.
   *
   * @default None is sent
   */
  readonly user?: string | undefined;
  /**
   * Name of the container's secret that holds the password: `DB_PASSWORD`. Only the daemon gets its value.
   *
   * @default None: the server has to let the user in without
   */
  readonly passwordSecret?: string | undefined;
  /**
   * Port of the server.
   *
   * @default {5432}
   */
  readonly port?: number | undefined;
}

/** What is sent, and what may not show. */
export interface Connection {
  /** The daemon's PgConnection message. */
  readonly body: JsonObject | undefined;
  /** Returns a text from the daemon, unless it contains the password. */
  readonly shown: (text: string) => string;
  /** Returns a failure without the password. */
  readonly redacted: (error: unknown) => unknown;
}

const namePattern = /^[A-Za-z0-9_][A-Za-z0-9_.$@+-]{0,62}$/;

/** Returns why a text cannot be the name of a database or its user, or `undefined` if it can. */
export function databaseNameProblem(name: string): string | undefined {
  if (namePattern.test(name)) return undefined;
  return "a name of a database or its user has 1 to 63 letters, digits and . _ $ @ + -, and begins with a " +
    "letter, a digit or _";
}

/**
 * Throws if a login, or the database, cannot be one.
 *
 * @throws {ContainariumError} `invalid_argument`
 */
export function checkLogin({ user, port }: DatabaseLogin, database: string | undefined): void {
  for (const name of [user, database]) {
    const problem = name === undefined ? undefined : databaseNameProblem(name);
    if (problem !== undefined) throw new ContainariumError("invalid_argument", problem);
  }
  if (port === undefined || isPort(port)) return;
  throw new ContainariumError("invalid_argument", `there is no port ${port}`);
}

/**
 * Throws if a backup's own database, which whoever made it named, would be read as a whole connection.
 *
 * @throws {ContainariumError} `invalid_argument`
 */
export function refuseConnectionName(database: string): void {
  if (!/[=:/]/.test(database)) return;
  throw new ContainariumError(
    "invalid_argument",
    "The database that the backup names would be read as a connection, perhaps to another host: name the " +
      "database to restore into",
  );
}

/**
 * Reads the password for the server in a user's container.
 *
 * @throws {ContainariumError} `not_found` (`secret_missing`); `failed_precondition` without a store
 */
export async function connectionTo(
  username: string,
  { user, passwordSecret, port }: DatabaseLogin,
  database: string | undefined,
  secrets: Secrets,
  call: CallOptions,
): Promise<Connection> {
  const password = passwordSecret === undefined
    ? undefined
    : (await secrets.get(username, passwordSecret, call)).value;
  const isQuoted = (text: string) =>
    password !== undefined && password !== "" && text.includes(password);
  return {
    body: unlessEmpty({ database, user, password, port }),
    shown: (text) => isQuoted(text) ? hidden : text,
    redacted: (error) => {
      if (!(error instanceof ContainariumError)) return error;
      const { code, reason, details, status, method, path, message, responseText = "" } = error;
      if (!isQuoted(`${message}\n${responseText}`)) return error;
      return new ContainariumError(code, hidden, { reason, details, status, method, path });
    },
  };
}

/**
 * The client takes values of 8 characters and more out of the daemon's errors. In place of a shorter one, a
 * mark would garble every line and show it by that, so nothing that quotes it is passed on.
 */
const hidden = "The daemon's words are not shown: they contain the password";
