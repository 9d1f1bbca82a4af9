/** What the tests of the tools for administrators share. @module */
import type { Session } from "../../connect.ts";
import type { Daemon } from "../../daemon/mod.ts";

/** A client that can ask. */
export const canAsk = { args: ["--toolsets", "admin"], capabilities: { elicitation: {} } };

/** Returns what was sent that is no read. */
export function writes(daemon: Daemon): readonly string[] {
  return daemon.requests.filter(({ method }) => method !== "GET")
    .map(({ method, path }) => `${method} ${path}`);
}

/** Answers questions in turn, and returns what was asked. */
export function answering(server: Session, ...agrees: readonly boolean[]): unknown[] {
  const asked: unknown[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    const isAgreed = agrees[asked.push(message) - 1] === true;
    return isAgreed ? { action: "accept", content: { confirm: true } } : { action: "decline" };
  });
  return asked;
}
