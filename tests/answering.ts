import type { Session } from "./connect.ts";

/** Answers a server's questions in turn, no after the last, and returns what was asked. */
export function answering(server: Session, ...agrees: readonly boolean[]): string[] {
  const asked: string[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    const isAgreed = agrees[asked.push(String(message)) - 1] === true;
    return isAgreed ? { action: "accept", content: { confirm: true } } : { action: "decline" };
  });
  return asked;
}
