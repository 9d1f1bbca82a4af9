/** Who is let to a terminal, and what frames it takes. @module */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { statusAndText } from "./asking.ts";
import { type ContainerSeed, type Daemon, type ShellOptions, startDaemon } from "./mod.ts";
import { testWithPty as test } from "../with_pty.ts";
import { Sitting } from "./terminal_client.ts";

const containers: readonly ContainerSeed[] = [
  { username: "alice" },
  { username: "bob", state: "CONTAINER_STATE_STOPPED" },
  { username: "carol", state: "CONTAINER_STATE_FROZEN" },
  { username: "1dave" },
];

function start(shell: ShellOptions = {}): Promise<Daemon> {
  return startDaemon({ containers, shell });
}

const upgrade = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
  origin: "http://localhost:3000",
};

/** The first bytes of the answer to an upgrade request, which `fetch` cannot send. */
async function ask(
  daemon: Daemon,
  username: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const { hostname, port } = new URL(daemon.url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const lines = Object.entries({ host: "x", ...headers }).map(([name, value]) =>
    `${name}: ${value}\r\n`
  );
  const request = `GET /v1/containers/${username}/terminal HTTP/1.1\r\n${lines.join("")}\r\n`;
  await connection.write(new TextEncoder().encode(request));
  const bytes = new Uint8Array(4096);
  const read = await connection.read(bytes);
  return new TextDecoder().decode(bytes.subarray(0, read ?? 0));
}

async function authorized(daemon: Daemon): Promise<Record<string, string>> {
  return { ...upgrade, authorization: `Bearer ${await daemon.token()}` };
}

test("The token is looked at first, then the container, then the upgrade and its origin", async () => {
  await using daemon = await start();
  const good = await authorized(daemon);
  const { origin: _, ...noOrigin } = good;
  const cases: readonly (readonly [string, Record<string, string>, number, string])[] = [
    [
      "nobody",
      { ...upgrade, origin: "x" },
      401,
      '{"error": "unauthorized: token required for terminal access", "code": 401}\n',
    ],
    [
      "nobody",
      { ...upgrade, authorization: "Bearer x" },
      401,
      '{"error": "unauthorized: invalid token", "code": 401}\n',
    ],
    [
      "nobody",
      { ...good, origin: "x" },
      404,
      'Container not found: Failed to fetch instance "nobody-container" in project "default": Instance not found\n',
    ],
    ["bob", { ...good, origin: "x" }, 400, "Container is not running (status: Stopped)\n"],
    ["carol", { ...good, origin: "x" }, 400, "Container is not running (status: Frozen)\n"],
    ["alice", { ...good, origin: "http://localhost:3001" }, 403, "Forbidden\n"],
    ["alice", noOrigin, 403, "Forbidden\n"],
    ["alice", { ...good, upgrade: "h2c", origin: "x" }, 400, "Bad Request\n"],
    ["alice", { ...good, "sec-websocket-version": "8" }, 400, "Bad Request\n"],
    ["alice", { ...good, "sec-websocket-key": "x" }, 400, "Bad Request\n"],
  ];
  for (const [username, headers, status, body] of cases) {
    const answer = await ask(daemon, username, headers);
    assertStringIncludes(answer, `HTTP/1.1 ${status} `);
    assertEquals(answer.split("\r\n\r\n")[1], body);
    assertStringIncludes(answer, "Vary: Origin\r\n");
    assertEquals(daemon.terminals(username), 0);
  }
  assertEquals(daemon.count("GET", /terminal$/), cases.length);
});

test("Without the option no shell ever runs, whoever asks", async () => {
  await using daemon = await startDaemon({ containers });
  const answer = await ask(daemon, "alice", await authorized(daemon));
  assertStringIncludes(answer, "HTTP/1.1 400 Bad Request\r\n");
  await assertRejects(() => Sitting.open(daemon, "alice"), Error, "It was refused");
  assertEquals(daemon.terminals("alice"), 0);
});

test("A request that is none for a WebSocket is refused after the same looks", async () => {
  await using daemon = await start();
  assertEquals(await statusAndText(daemon, "/v1/containers/alice/terminal"), {
    status: 400,
    text: "Bad Request\n",
  });
  assertEquals((await statusAndText(daemon, "/v1/containers/bob/terminal")).status, 400);
});

test("The origins that are allowed can be others", async () => {
  await using daemon = await start({ allowedOrigins: ["https://box.example"] });
  const good = await authorized(daemon);
  const status = async (origin: string) =>
    (await ask(daemon, "alice", { ...good, origin })).split(" ")[1];
  assertEquals(await status("http://localhost:3000"), "403");
  assertEquals(await status("https://box.example"), "101");
});

test("The token may come in the header, as a subprotocol or in the query", async () => {
  await using daemon = await start();
  const token = await daemon.token();
  await using header = await Sitting.open(daemon, "alice", { token });
  assertEquals(header.protocol, "");
  const protocols = ["containarium.bearer", token];
  await using offered = await Sitting.open(daemon, "alice", { token: "", protocols });
  assertEquals(offered.protocol, "containarium.bearer");
  await using query = await Sitting.open(daemon, "alice", { token: "", query: `?token=${token}` });
  assertEquals(query.protocol, "");
  assertEquals(daemon.terminals("alice"), 3);
});

test("Any valid token opens any container's terminal, whoever it is of and whatever it may", async () => {
  await using daemon = await start();
  const token = await daemon.token({ username: "mallory", scopes: ["system:read"] });
  await using mallory = await Sitting.open(daemon, "alice", { token });
  mallory.type("echo I am in$''side\n");
  await mallory.shows("inside");
});

test("A container that is being stopped has no first process any more", async () => {
  await using daemon = await start();
  const hold = daemon.holdPhase("stopping", "alice");
  const stopped = statusAndText(daemon, "/v1/containers/alice/stop", { method: "POST" });
  await hold.reached;
  const answer = await ask(daemon, "alice", await authorized(daemon));
  assertStringIncludes(answer, "HTTP/1.1 404 ");
  assertStringIncludes(answer, "Container not found: Invalid PID\n");
  hold.release();
  assertEquals((await stopped).status, 200);
});

test("A container without its user has no terminal", async () => {
  await using daemon = await start();
  await using dave = await Sitting.open(daemon, "1dave");
  await dave.closed;
  assertStringIncludes(dave.screen, "su: user 1dave does not exist");
});

test("A terminal that cannot be started says so in a frame, and ends", async () => {
  await using daemon = await start({ missing: ["su"] });
  await using alice = await Sitting.open(daemon, "alice");
  assertEquals((await alice.closed).wasClean, false);
  const data = "Failed to start terminal: Command not found";
  assertEquals(alice.frames.map((frame) => JSON.parse(frame)), [{ type: "error", data }]);
});

test("Frames may be binary; those of an unknown type are passed over", async () => {
  await using daemon = await start();
  await using alice = await Sitting.open(daemon, "alice");
  alice.send('{"type":"unknown","data":"echo wr$\'\'ong\\n"}');
  alice.send("{}");
  alice.send(new TextEncoder().encode('{"type":"input","data":"echo bi$\'\'nary\\n"}'));
  await alice.shows("binary");
  assert(!alice.screen.includes("wrong"));
});

test("A frame that is no JSON ends the session, and leaves the shell", async () => {
  for (const frame of ["ls\n", '{"type":"input","data":1}', "[]"]) {
    await using daemon = await start();
    await using alice = await Sitting.open(daemon, "alice");
    alice.type("echo be$''gun\n");
    await alice.shows("begun");
    alice.send(frame);
    assertEquals(await alice.closed, { code: 0, wasClean: false });
    assert((await daemon.leftovers("alice")).processes.includes("-bash"));
  }
});

test("A ping is answered", async () => {
  await using daemon = await start();
  const { hostname, port } = new URL(daemon.url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const headers = Object.entries({ host: "x", ...await authorized(daemon) });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const request = `GET /v1/containers/alice/terminal HTTP/1.1\r\n${lines}\r\n`;
  // A ping of "hi", masked with zeros.
  const ping = [0x89, 0x82, 0, 0, 0, 0, 0x68, 0x69];
  await connection.write(new Uint8Array([...new TextEncoder().encode(request), ...ping]));
  const pong = "\x8a\x02hi";
  let received = "";
  while (!received.includes(pong)) {
    const bytes = new Uint8Array(4096);
    const read = await connection.read(bytes);
    assert(read !== null, `It ended without a pong: ${received}`);
    received += String.fromCharCode(...bytes.subarray(0, read));
  }
});

test("A handshake can be held, answered otherwise and dropped, as any request", async () => {
  await using daemon = await start();
  const path = "/v1/containers/alice/terminal";
  const hold = daemon.hold("GET", path);
  const opening = Sitting.open(daemon, "alice");
  await hold.reached;
  assertEquals(daemon.terminals("alice"), 0);
  hold.release();
  await using alice = await opening;
  assertEquals([daemon.terminals("alice"), alice.protocol], [1, ""]);
  daemon.inject({ kind: "answer", status: 502, body: "bad gateway", path });
  assertStringIncludes(await ask(daemon, "alice", await authorized(daemon)), "HTTP/1.1 502 ");
  daemon.dropNext("GET", "after-read", path);
  await assertRejects(() => Sitting.open(daemon, "alice"), Error, "It was refused");
});
