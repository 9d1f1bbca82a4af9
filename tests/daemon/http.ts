/** The listening side: sockets, reading requests, counting them, and spoiling answers on demand. @module */

import type { Buffer } from "node:buffer";
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { Socket } from "node:net";
import { FaultDesk } from "./faults.ts";
import { DaemonClosed, type Pace } from "./pace.ts";
import { type IncomingRequest, originForm, readBody, requestOf } from "./incoming.ts";
import { jsonReply, type Reply } from "./reply.ts";
import type { Fault, RecordedRequest } from "./types.ts";

export { matches } from "./faults.ts";
export type { IncomingRequest } from "./incoming.ts";

/** Makes a request a WebSocket of that container's terminal. */
export type Upgrader = (
  username: string,
  incoming: IncomingMessage,
  socket: Socket,
  head: Buffer,
) => void;

/** Works out whose terminal an upgrade request opens, or the answer that refuses it. */
export type Admitter = (request: IncomingRequest) => Promise<string | Reply>;

/** Works out the answer. */
export type Answerer = (request: IncomingRequest) => Promise<Reply>;

/** The server of one daemon. */
export class Frontage {
  /** The requests read so far. */
  readonly requests: RecordedRequest[] = [];
  /** What is to go wrong. */
  readonly faults = new FaultDesk();
  /** Requests being answered now. */
  inFlight = 0;
  /** The most there were at one time. */
  maxInFlight = 0;

  readonly #pace: Pace;
  readonly #answer: Answerer;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #idle: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly #running = new Set<Promise<void>>();

  constructor(pace: Pace, answer: Answerer) {
    this.#pace = pace;
    this.#answer = answer;
    this.#server = createServer((request, response) => {
      this.#track(this.#serve(request, response), request.socket);
    });
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  /** Takes upgrade requests; without this they are answered as any other. */
  onUpgrade(admit: Admitter, upgrade: Upgrader): void {
    this.#server.on("upgrade", (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
      // A client that leaves in the middle is no error here.
      socket.on("error", () => {});
      this.#track(this.#upgrade(incoming, socket, head, admit, upgrade), socket);
    });
  }

  /** Listens on 127.0.0.1 and gives the port. */
  async listen(port: number): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once("error", reject);
    this.#server.listen(port, "127.0.0.1", resolve);
    await promise;
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("No port to listen on");
    return address.port;
  }

  /** Ends every connection and what was being answered on it. */
  async close(): Promise<void> {
    if (this.#server.listening) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
      await promise;
    }
    await Promise.all(this.#running);
  }

  #track(work: Promise<void>, socket: Socket): void {
    const running = work.catch((error: unknown) => {
      socket.destroy();
      if (!(error instanceof DaemonClosed)) throw error;
    }).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #upgrade(
    incoming: IncomingMessage,
    socket: Socket,
    head: Buffer,
    admit: Admitter,
    upgrade: Upgrader,
  ): Promise<void> {
    const request = requestOf(incoming, new Uint8Array());
    const { method, path } = request;
    if (this.faults.takeDrop("before-read", method, path)) return reset(socket);
    this.requests.push(request);
    const held = this.faults.takeHold(method, path);
    if (held !== undefined) await this.#pace.orClosed(Promise.race([held.pass(), gone(socket)]));
    if (socket.destroyed) return;
    const fault = this.faults.takeFault(method, path);
    if (fault?.kind === "latency") await this.#pace.sleep(fault.ms);
    const admitted = replacement(fault) ?? await admit(request);
    if (this.faults.takeDrop("after-read", method, path)) return reset(socket);
    if (socket.destroyed) return;
    if (typeof admitted === "string") upgrade(admitted, incoming, socket, head);
    else socket.end(rawReply(admitted));
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = incoming.method ?? "GET";
    const path = originForm(incoming.url ?? "/");
    if (this.faults.takeDrop("before-read", method, path)) return reset(incoming.socket);
    const gone = whenGone(response);
    const bytes = await readBody(incoming);
    if (bytes === undefined) return;
    const request = requestOf(incoming, bytes);
    this.requests.push(request);
    this.inFlight += 1;
    this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
    gone.then(() => this.#leave());

    const held = this.faults.takeHold(method, path);
    if (held !== undefined) {
      await this.#pace.orClosed(Promise.race([held.pass(), gone]));
      if (response.destroyed) return;
    }
    const fault = this.faults.takeFault(method, path);
    if (fault?.kind === "latency") await this.#pace.sleep(fault.ms);
    const reply = replacement(fault) ?? await this.#answer(request);
    if (this.faults.takeDrop("after-read", method, path)) return reset(incoming.socket);
    await this.#send(response, rewritten(reply, request, fault), fault);
  }

  async #goOn(response: ServerResponse, { status, headers, body, goOn }: Reply): Promise<void> {
    response.writeHead(status, headers);
    response.write(body);
    const ended = whenGone(response);
    const stop = goOn?.((text) => response.write(text), () => response.end());
    await ended;
    stop?.();
  }

  /** Resolves when no request is being answered. */
  idle(): Promise<void> {
    return this.inFlight === 0 ? Promise.resolve() : this.#idle.promise;
  }

  #leave(): void {
    this.inFlight -= 1;
    if (this.inFlight > 0) return;
    this.#idle.resolve();
    this.#idle = Promise.withResolvers();
  }

  async #send(response: ServerResponse, reply: Reply, fault: Fault | undefined): Promise<void> {
    if (reply.goOn !== undefined && fault === undefined) return await this.#goOn(response, reply);
    const bytes = new TextEncoder().encode(spoiled(reply.body, fault));
    response.writeHead(reply.status, { ...reply.headers, "Content-Length": bytes.length });
    if (fault?.kind === "truncated") {
      const { promise, resolve } = Promise.withResolvers<void>();
      response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => resolve());
      await promise;
      response.socket?.destroy();
      return;
    }
    if (fault?.kind === "slow-body") {
      const pieces = 10;
      const size = Math.ceil(bytes.length / pieces);
      for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
        response.write(bytes.subarray(at, at + size));
        await this.#pace.sleep(fault.ms / pieces);
      }
      response.end();
      return;
    }
    response.end(bytes);
  }
}

/** An answer on a connection that was to become something else. */
function rawReply({ status, headers, body }: Reply): string {
  const lines = Object.entries({
    ...headers,
    "Content-Length": String(new TextEncoder().encode(body).length),
    Connection: "close",
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n${body}`;
}

function replacement(fault: Fault | undefined): Reply | undefined {
  if (fault?.kind === "answer") {
    const contentType = fault.contentType ?? "application/json";
    return {
      status: fault.status,
      headers: { "Content-Type": contentType, ...fault.headers },
      body: fault.body,
    };
  }
  if (fault?.kind === "redirect") {
    return { status: fault.status ?? 302, headers: { Location: fault.location }, body: "" };
  }
  return undefined;
}

function rewritten(reply: Reply, request: RecordedRequest, fault: Fault | undefined): Reply {
  return fault?.kind === "rewritten"
    ? { ...reply, body: fault.rewrite(reply.body, request) }
    : reply;
}

function spoiled(body: string, fault: Fault | undefined): string {
  if (fault?.kind === "invalid-json") return `${body.slice(0, -1)}<html>`;
  if (fault?.kind === "oversized") {
    return jsonReply(200, { padding: "x".repeat(fault.bytes) }).body;
  }
  return body;
}

/** Resolves when the answer is sent or its connection gone. */
function whenGone(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  response.once("close", () => resolve());
  return promise;
}

/** Resolves when the connection is gone. */
function gone(socket: Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once("close", () => resolve());
  return promise;
}

/** Ends a connection with a TCP RST. */
function reset(socket: Socket): void {
  socket.resetAndDestroy();
}
