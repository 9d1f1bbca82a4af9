/** The table of operations, held to the recordings of real daemons. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ContainariumError } from "../../../client/mod.ts";
import { ApiPath } from "../../../client/transport/api_path.ts";
import { toolNames } from "../../../tools/mod.ts";
import { requestOf } from "../../../tools/api/api_request.ts";
import { gatedIds, gateOf } from "../../../tools/api/gates.ts";
import { type Operation, pathParameters, readDescription } from "../../../tools/api/operation.ts";
import { namedTools, ruledIds, ruleOf } from "../../../tools/api/rules.ts";
import { description } from "../../../tools/api/description.ts";

const described = await readDescription();
const operations = [...described.operations.values()];

interface Exchange {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly body: string | null;
  };
  readonly response: { readonly status: number; readonly body: string };
}

async function recordings(): Promise<readonly Exchange[]> {
  const files = ["wire.jsonl", "wire_longtail.jsonl"].map((name) =>
    Deno.readTextFile(new URL(`../../daemon/${name}`, import.meta.url))
  );
  return (await Promise.all(files)).flatMap((text) =>
    text.trim().split("\n").map((line): Exchange => JSON.parse(line))
  );
}

const exchanges = await recordings();

/** Returns the operation of a recorded request: of several, the one with the most words of its own. */
function operationOf({ method, path }: Exchange["request"]): Operation | undefined {
  const segments = path.replace("/v1/", "").split("?")[0]?.split("/") ?? [];
  const fitting = operations.filter((operation) => {
    const parts = operation.path.split("/");
    return operation.method === method && parts.length === segments.length &&
      parts.every((part, at) => part.startsWith("{") || part === segments[at]);
  });
  return fitting.toSorted((one, other) =>
    pathParameters(one).length - pathParameters(other).length
  )[0];
}

Deno.test("the API has 169 operations in the description and 8 beside it, each read", () => {
  const lines = description.split("\n").filter((line) => line.includes(" | "));
  assertEquals([lines.length, operations.length], [169, 177]);
  for (const { path, query, body = [] } of operations) {
    assert(/^[a-z]/.test(path) && !path.includes("?"));
    for (const { name, type } of [...query, ...body]) {
      assert(/^[a-z]\w*$/i.test(name), `${path} ${name}`);
      const isKnown = ["text", "int", "number", "bool", "time", "base64"].includes(type) ||
        described.types.has(type);
      assert(isKnown, `${path} ${name}: ${type}`);
    }
  }
});

Deno.test("every operation of the recordings is in the table", () => {
  // What the recordings try although it does not exist: other methods, extra and missing segments.
  const tried = exchanges.filter(({ request: { path }, response: { status } }) =>
    path.startsWith("/v1/") && ![404, 405, 501].includes(status)
  );
  const missing = tried.filter(({ request }) => operationOf(request) === undefined)
    .map(({ name, request: { method, path } }) => `${name} ${method} ${path}`);
  assertEquals(missing, [
    "re-latest-post POST /v1/releases/latest",
    "au-post POST /v1/audit/logs?limit=1",
    "lb-post POST /v1/containers/rec1/labels",
    "lb-del-nokey DELETE /v1/containers/rec1/labels",
    "lb-odd-del-slash DELETE /v1/containers/rec3/labels/a/b",
  ], "handlers of the daemon's own that take any method, and a label that cannot be deleted");
});

Deno.test("every body that a daemon took has only fields of the table", () => {
  const faults: string[] = [];
  for (const { name, request, response: { status } } of exchanges) {
    const operation = operationOf(request);
    if (operation === undefined || status !== 200 || request.body === null) continue;
    const body: unknown = typeof request.body === "string"
      ? JSON.parse(request.body)
      : request.body;
    if (typeof body !== "object" || body === null || Array.isArray(body)) continue;
    const parameters = Object.fromEntries(pathParameters(operation).map((each) => [each, "x"]));
    try {
      requestOf(operation, parameters, { ...body }, described.types);
    } catch (error) {
      faults.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  assertEquals(faults, [
    "sn-body-username: body.username: CreateContainerSnapshot has no such field; known: name",
    "lb-put-unknown: body.other: SetLabels has no such field; known: labels",
  ], "a key that the path has already, and one that the daemon ignores");
});

Deno.test("every refusal of a scope or a role in the recordings is in the table", () => {
  const faults: string[] = [];
  for (const { name, request, response: { status, body } } of exchanges) {
    const operation = status === 403 ? operationOf(request) : undefined;
    if (operation === undefined) continue;
    const { scope, admin, adminOr } = gateOf(operation.id);
    const [, needed] = /scope required: ([\w:-]+)/.exec(body) ?? [];
    if (needed !== undefined && scope !== needed) faults.push(`${name} ${operation.id}: ${needed}`);
    // With a container's name some need no role: the table leaves those to the daemon.
    const isConditional = /containerName|container_name/.test(
      [...operation.query, ...operation.body ?? []].map(({ name }) => name).join(" "),
    );
    const needsAdmin = /role required: admin|admin role required/.test(body);
    if (needsAdmin && !admin && !isConditional && ruleOf(operation.id).refused === undefined) {
      faults.push(`${name} ${operation.id}: admin`);
    }
    const [, either] = /or scope \\"([\w:-]+)/.exec(body) ?? [];
    if (either !== undefined && adminOr !== either) faults.push(`${name}: ${either}`);
  }
  assertEquals(faults, []);
});

Deno.test("no recorded success lacks what the table says that it needs", () => {
  const scopes: Readonly<Record<string, string>> = {
    rec1ro: "containers:read",
    rec1rt: "routes:",
    rec1se: "secrets:read",
    rec1bk: "backups:read",
    rec1sec: "security:read",
    rec1al: "alerts:read",
    npr: "network-policy:read",
    aud: "audit:read",
    tokr: "tokens:read",
  };
  const users = ["rec1", "rec2", "none", "kmsu", ...Object.keys(scopes)];
  const faults = exchanges.flatMap((exchange) => {
    const { name, request, response: { status } } = exchange;
    const as = "as" in exchange && typeof exchange.as === "string" ? exchange.as : "";
    const operation = status === 200 ? operationOf(request) : undefined;
    if (operation === undefined) return [];
    const { scope, admin } = gateOf(operation.id);
    const has = scopes[as];
    const lacksScope = scope !== undefined && has !== undefined && !scope.startsWith(has);
    return lacksScope || (admin && users.includes(as)) ? [`${name} (${as}): ${operation.id}`] : [];
  });
  assertEquals(faults, []);
});

Deno.test("the tables of rules and gates name operations and tools that exist", () => {
  const known = operations.map(({ id }) => id);
  assertEquals([...gatedIds(), ...ruledIds].filter((id) => !known.includes(id)), []);
  assertEquals(namedTools.filter((name) => !toolNames.includes(name)), []);
  const twice = gatedIds().filter((id, at, all) => all.indexOf(id) !== at);
  const both = twice.filter((id) => !(gateOf(id).admin && gateOf(id).scope !== undefined));
  assertEquals(both, []);
});

Deno.test("every write that has the path of a guarded one or less is guarded, asked about or known", () => {
  const free = operations.filter(({ id, method }) => {
    const { guardedBy, refused, loses, gives } = ruleOf(id);
    return method !== "GET" && method !== "DELETE" && guardedBy === undefined &&
      refused === undefined && (loses ?? gives) === undefined;
  }).map(({ id }) => id).sort();
  // A new write has to be judged before it is called without a question.
  assertEquals(free, [
    "CompleteAgentTask",
    "EnqueueAgentTask",
    "LeaseAgentTask",
    "ProfileBackend",
    "RefreshSecrets",
    "SendAgentTask",
    "StartApp",
    "TestWebhook",
    "TriggerClamavScan",
    "TriggerPentestScan",
    "TriggerZapScan",
  ]);
});

Deno.test("a parameter is one segment of its operation's path, whatever it holds", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.stringMatching(/^[./%2eEfF\\?#;&=\0-]{1,12}$/),
    fc.constantFrom("..", ".", "%2e%2e", "a/b", "a%2Fb", "a%252fb", "x?y=1", "x#y", "", "a\\..\\b"),
  );
  const withPath = operations.filter((operation) => pathParameters(operation).length > 0);
  fc.assert(
    fc.property(fc.constantFrom(...withPath), fc.array(hostile, { minLength: 3, maxLength: 3 }), (
      operation,
      values,
    ) => {
      const names = pathParameters(operation);
      const parameters = Object.fromEntries(names.map((name, at) => [name, values[at] ?? "x"]));
      let text: string;
      try {
        const { segments } = requestOf(operation, parameters, {}, described.types);
        text = new ApiPath(...segments).text;
      } catch (error) {
        assert(error instanceof ContainariumError);
        assertEquals(error.code, "invalid_argument");
        return;
      }
      const { pathname, search, hash } = new URL(text, "http://daemon");
      assertEquals([search, hash], ["", ""]);
      const parts = pathname.slice("/v1/".length).split("/");
      const expected = operation.path.split("/");
      assertEquals(parts.length, expected.length);
      for (const [at, part] of expected.entries()) {
        const name = /^\{(\w+)\}$/.exec(part)?.[1];
        assertEquals(
          decodeURIComponent(parts[at] ?? ""),
          name === undefined ? part : parameters[name],
        );
      }
    }),
    { numRuns: 2_000 },
  );
});
