/**
 * Every recorded exchange of the eight tools' endpoints, answered byte for byte by a real socket
 * and read by the client.
 */
import { assert, assertEquals } from "@std/assert";
import { ContainariumClient, ContainariumError, type ErrorCode } from "../../client/mod.ts";
import wire from "../daemon/wire.jsonl" with { type: "text" };

interface Exchange {
  readonly name: string;
  readonly request: { readonly method: string; readonly path: string };
  readonly response: {
    readonly status: number;
    readonly contentType: string;
    readonly body: string;
  };
}

type Read = (client: ContainariumClient, username: string) => Promise<unknown>;

/** The endpoints of the eight tools and the client's method for each. */
const endpoints: readonly (readonly [RegExp, Read])[] = [
  [/^GET \/v1\/containers(?:\?.*)?$/, (client) => client.containers.list()],
  [/^GET \/v1\/containers\/([\w-]+)$/, (client, user) => client.containers.get(user)],
  [
    /^DELETE \/v1\/containers\/([\w-]+)(?:\?.*)?$/,
    (client, user) => client.containers.delete(user),
  ],
  [
    /^POST \/v1\/containers\/([\w-]+)\/start$/,
    (client, user) => client.containers.start(user, { addressTimeoutMs: 0 }),
  ],
  [/^POST \/v1\/containers\/([\w-]+)\/stop$/, (client, user) => client.containers.stop(user)],
  [
    /^POST \/v1\/containers$/,
    (client) => client.containers.create({ username: "zoe", waitMs: 0 }),
  ],
  [/^GET \/v1\/metrics$/, (client) => client.metrics.list()],
  [/^GET \/v1\/metrics\/([\w-]+)$/, (client, user) => client.metrics.get(user)],
  [/^GET \/v1\/system\/info$/, (client) => client.system.info()],
];

const notFound = {
  status: 500,
  contentType: "application/json",
  body: '{"code":500,"error":"rpc error: code = Unknown desc = failed to get container: Instance ' +
    'not found"}',
};

const emptyList = {
  status: 200,
  contentType: "application/json",
  body: '{"containers":[],"totalCount":0}',
};

/** Refusals of one's own making: these names never leave the client. */
const refusedHere = /^nm-(labels|terminal)-/;

function expectedCode({ name, response: { status } }: Exchange): ErrorCode | undefined {
  if (status === 200) return undefined;
  return codes.find(([pattern]) => pattern.test(name))?.[1];
}

/** What each recorded failure means. */
const codes: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^(pf-del)$/, "internal"],
  [/-(get|missing|del|delete|getg|delg|get-lower|get-6|del-y)$/, "not_found"],
  [/^(unauth|badtoken|rl-bad-([1-9]|10)|rl-none-while-limited)$/, "unauthenticated"],
  [/^(rl-bad-1[123]|rl-bad-still|oc-create|oc-create-async)$/, "resource_exhausted"],
  [/^(alice-sysinfo|alice-other)$/, "permission_denied"],
  [/^(cr|cf)-(mem|disk|cpu|image|key|gpu|staticip|no-res|stack)/, "invalid_argument"],
  [/^cf-(ttl|idle|das|tenant|lf-bad)/, "invalid_argument"],
  [/^nm-(underscore|dot|65|54|unicode|space|slash|dotdot|dash-first)$/, "invalid_argument"],
  [/^(unknown-field|create-empty|badjson|badenum|badquery|al-.*)$/, "invalid_argument"],
  [/^(pc-[1-5]|pca-[23]|cf-dup)$/, "conflict"],
  [/^(pca-start-creating|dcs?-delete-(early|mid)|pd-delete-2)$/, "conflict"],
  [/^fz-stop-frozen$/, "failed_precondition"],
  [/^cf-enc$/, "failed_precondition"],
  [/^cf-backend$/, "invalid_argument"],
  [/^(cf-pool|pe-create-backend|pf-pool-create)$/, "failed_precondition"],
];

/** What is to be deleted must be there, and so is what did not stop. */
const running = {
  status: 200,
  contentType: "application/json",
  body: '{"container":{"username":"x","state":"CONTAINER_STATE_RUNNING","createdAt":"1795227653"}}',
};

/** A daemon that says one recorded thing, and otherwise that it holds nothing. */
function replay({ name, request, response }: Exchange): Deno.HttpServer<Deno.NetAddr> {
  const [path] = request.path.split("?");
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (asked) => {
    const { pathname } = new URL(asked.url);
    const said = asked.method === request.method && pathname === path
      ? response
      : pathname === "/v1/containers" && asked.method === "GET"
      ? emptyList
      : asked.method === "GET" && (request.method === "DELETE" || name === "fz-stop-frozen")
      ? running
      : notFound;
    return new Response(said.body, {
      status: said.status,
      headers: { "content-type": said.contentType },
    });
  });
}

async function outcome(exchange: Exchange, read: Read, username: string): Promise<unknown> {
  const { status, body } = exchange.response;
  await using server = replay(exchange);
  using client = new ContainariumClient({
    serverUrl: `http://127.0.0.1:${server.addr.port}`,
    token: "a.b.c",
  });
  try {
    return await read(client, username);
  } catch (error) {
    assert(error instanceof ContainariumError, `${exchange.name}: ${error}`);
    if (status !== 200 && !isAlready(body)) {
      const kept = error.responseText ?? "(nothing)";
      assert(kept.includes(body.trim().slice(0, 200)), `${error.message}: ${kept}`);
    }
    return error;
  }
}

Deno.test("the client reads every recorded exchange of the eight tools' endpoints", async (t) => {
  let exchanges = 0;
  for (const line of wire.trim().split("\n")) {
    const exchange: Exchange = JSON.parse(line);
    const { name, request, response } = exchange;
    for (const [pattern, read] of endpoints) {
      const match = pattern.exec(`${request.method} ${request.path}`);
      if (match === null || refusedHere.test(name)) continue;
      exchanges++;
      await t.step(`${name}: ${request.method} ${request.path}, ${response.status}`, async () => {
        const result = await outcome(exchange, read, match[1] ?? "");
        check(exchange, result);
      });
    }
  }
  assert(exchanges > 250, `only ${exchanges} exchanges were read`);
});

function check(exchange: Exchange, result: unknown): void {
  const { name, request, response } = exchange;
  if (response.status === 200) {
    // Whoever reads a recorded creation or change of state asks again, and is told "not found".
    if (request.method === "POST" && result instanceof ContainariumError) {
      assertEquals(result.code, "not_found", `${name}: ${result.message}`);
      return;
    }
    assert(!(result instanceof Error), `${name}: ${result}`);
    assertPlain(result, name);
    return;
  }
  if (isAlready(response.body)) {
    // Not a failure of the client's: only the look afterwards is told "not found".
    assert(result instanceof ContainariumError && result.code === "not_found", name);
    return;
  }
  assert(result instanceof ContainariumError, `${name} was read as a success`);
  assertEquals(result.code, expectedCode(exchange), `${name}: ${result.message}`);
  assertEquals(result.status, response.status, name);
}

function isAlready(body: string): boolean {
  return /instance is already (running|stopped)/.test(body);
}

/** No zero time, no number as text, no enum of the wire, no empty text. */
function assertPlain(value: unknown, where: string): void {
  if (value instanceof Date) return assert(value.getFullYear() > 2000, `${where}: ${value}`);
  if (typeof value === "string") {
    return assert(!/^$|^CONTAINER_STATE_|^OS_TYPE_|^DELETE_POLICY_/.test(value), where);
  }
  if (typeof value === "number") return assert(Number.isFinite(value), where);
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    if (key !== "labels") assertPlain(part, `${where}.${key}`);
  }
}
