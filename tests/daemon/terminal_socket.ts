/** The terminal's WebSocket: JSON in text frames, and an end without a close frame. @module */

import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
// @ts-types="@types/ws"
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { Upgrader } from "./http.ts";
import type { Screen } from "./pty.ts";
import type { Line, Shells, Terminal } from "./shells.ts";
import { bearerProtocol } from "./terminal.ts";

/** What becomes of a terminal's upgrade requests. */
export function createUpgrader(shells: Shells): Upgrader {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    // With a header for the token it answers none.
    handleProtocols: (protocols) => protocols.has(bearerProtocol) ? bearerProtocol : false,
  });
  return (username, incoming: IncomingMessage, socket: Socket, head) => {
    server.handleUpgrade(incoming, socket, head, (webSocket) => {
      serve(webSocket, socket, username, shells);
    });
  };
}

function serve(webSocket: WebSocket, socket: Socket, username: string, shells: Shells): void {
  // What is sent to a client that is gone fails there.
  webSocket.on("error", () => {});
  const fail = (reason: string) => {
    const data = `Failed to start terminal: ${reason}`;
    webSocket.send(JSON.stringify({ type: "error", data }), () => webSocket.terminate());
  };
  if (shells.options.missing?.includes("su") === true) return fail("Command not found");
  const line = {
    cut: () => webSocket.terminate(),
    reset: () => {
      socket.resetAndDestroy();
    },
  };
  const terminal = tryOpen(shells, username, line, {
    show: (data) => {
      // Frames that are sent in one go leave in one write.
      socket.cork();
      queueMicrotask(() => socket.uncork());
      return sent(webSocket, JSON.stringify({ type: "output", data }));
    },
    ended: () => webSocket.terminate(),
  });
  if (terminal === undefined) return fail("this machine has no script");
  webSocket.on("message", (data) => take(data, webSocket, terminal));
  webSocket.on("close", () => terminal.leave());
}

function tryOpen(
  shells: Shells,
  username: string,
  line: Line,
  screen: Screen,
): Terminal | undefined {
  try {
    return shells.open(username, line, screen);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** One frame of the client's, text or binary. What is no JSON ends the session, and what is unknown is passed over. */
function take(data: RawData, webSocket: WebSocket, terminal: Terminal): void {
  const frame = readFrame(String(data));
  if (frame === undefined) return webSocket.terminate();
  // The daemon notes a resize, and does nothing.
  if (frame.type !== "input") return;
  // The terminal may be full: then no more is read, as there.
  webSocket.pause();
  terminal.type(frame.data).then(() => webSocket.resume());
}

interface Frame {
  readonly type: string;
  readonly data: string;
}

/** A frame as Go reads it into its struct: a field of another type is an error, an absent one is empty. */
function readFrame(text: string): Frame | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const { type = "", data = "", cols = 0, rows = 0 }: { readonly [field: string]: unknown } = {
      ...value,
    };
    if (typeof type !== "string" || typeof data !== "string") return undefined;
    return typeof cols === "number" && typeof rows === "number" ? { type, data } : undefined;
  } catch {
    return undefined;
  }
}

function sent(webSocket: WebSocket, text: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  webSocket.send(text, () => resolve());
  return promise;
}
