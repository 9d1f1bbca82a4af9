/** A far end that never stops, and never says what was asked. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { createServer } from "node:http";
// @ts-types="@types/ws"
import { WebSocketServer } from "ws";
import { ContainariumError } from "../../../client/mod.ts";
import { TestTerminals } from "./shell_daemon.ts";

/** What a chatterer says again and again, given the connection's nonce. */
type Chatter = (nonce: string) => string;

/** A daemon with a container whose terminal is ready, and then only chatters. */
async function startChatter(
  chatter: Chatter,
): Promise<AsyncDisposable & { readonly url: string; readonly open: () => number }> {
  const server = createServer((_request, response) => {
    const container = { name: "alice-container", state: "CONTAINER_STATE_RUNNING" };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ container }));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => {
    let timer: ReturnType<typeof setInterval> | undefined;
    const say = (data: string) => socket.send(JSON.stringify({ type: "output", data }));
    socket.on("message", (message) => {
      const [, nonce] = /rdy (\w+);/.exec(String(message)) ?? [];
      if (nonce === undefined || timer !== undefined) return;
      say(`\n@rdy:${nonce}\n`);
      timer = setInterval(() => say(chatter(nonce)), 5);
    });
    socket.on("close", () => clearInterval(timer));
    socket.on("error", () => {});
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    open: () => sockets.clients.size,
    [Symbol.asyncDispose]: async () => {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      await closed.promise;
    },
  };
}

const chatters: Readonly<Record<string, Chatter>> = {
  "says that it is there": (nonce) => `${nonce} I\n`,
  "sends pieces of output": (nonce) => `${nonce} C 8 eWVzeWVz\n`,
  "answers another question": (nonce) => `${nonce} R 99 0 -\n${nonce} E 99 0\n`,
};

for (const [name, chatter] of Object.entries(chatters)) {
  Deno.test(`run() has an end of its own while the far end ${name}`, async () => {
    await using daemon = await startChatter(chatter);
    const target = { url: daemon.url, token: () => Promise.resolve("ctnr_example") };
    await using terminals = await TestTerminals.of(target, { overstayMs: 100 });
    const onOutput = () => {};
    const run = () => terminals.of("alice").run("sleep 1", { timeoutMs: 100, onOutput });
    const error = await assertRejects(run, ContainariumError);
    assertEquals(error.code, "ambiguous", error.message);
    await terminals.close();
    assert(daemon.open() <= 1, `${daemon.open()} connections are open`);
  });
}
