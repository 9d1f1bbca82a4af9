import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { ApiPath, segmentProblem } from "../../../client/transport/api_path.ts";
import { ContainariumClient, ContainariumError } from "../../../client/mod.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { readSources } from "../../import_arrows.ts";
import { clientOf } from "../connect.ts";

const wild = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."a.%2eEfF5/\\?#;@: \u0000é\ud800") }),
);

/** What a server may make of a path: decoded once or more, dots resolved. */
function readings(path: string): string[] {
  const found = [path];
  let text = path;
  for (let round = 0; round < 5; round++) {
    try {
      text = decodeURIComponent(text);
    } catch {
      break;
    }
    found.push(text);
  }
  return found;
}

function refusalOf(...segments: readonly string[]): ContainariumError | undefined {
  try {
    new ApiPath(...segments);
    return undefined;
  } catch (error) {
    if (error instanceof ContainariumError) return error;
    throw error;
  }
}

Deno.test("ApiPath keeps each name as one segment, or rejects it", () => {
  fc.assert(
    fc.property(wild, wild, (key, name) => {
      if (segmentProblem(key) !== undefined || segmentProblem(name) !== undefined) {
        assertEquals(refusalOf("labels", key, name)?.code, "invalid_argument");
        return;
      }
      const { text } = new ApiPath("labels", key, name);
      const url = new URL(`http://daemon${text}`);
      assertEquals([url.pathname, url.search, url.hash], [text, "", ""]);
      assertEquals(text.split("/").slice(3).map(decodeURIComponent), [key, name]);
      for (const reading of readings(text)) {
        const segments = reading.split("/");
        assertEquals(segments.length, 5);
        assert(!segments.some((segment) => segment === "." || segment === ".."), reading);
      }
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("ApiPath.logText shows the API's words and the username, and the length of the rest", () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [["containers", "alice"], "/v1/containers/alice"],
    [["containers", "alice", "delete-policy"], "/v1/containers/alice/delete-policy"],
    [
      ["containers", "alice", "labels", "customer-x"],
      "/v1/containers/alice/labels/<10 characters>",
    ],
    [
      ["containers", "alice", "ssh-keys", "ssh-rsa A"],
      "/v1/containers/alice/ssh-keys/<9 characters>",
    ],
    [
      ["containers", "alice", "snapshots", "before", "rollback"],
      "/v1/containers/alice/snapshots/<6 characters>/rollback",
    ],
    [["recipes", "mine", "deploy"], "/v1/recipes/<4 characters>/deploy"],
    [["system", "info"], "/v1/system/info"],
  ];
  for (const [segments, text] of cases) assertEquals(new ApiPath(...segments).logText, text);
});

Deno.test("the debug log contains no label, snapshot or key of a call", async () => {
  await using daemon = await startDaemon({ zfs: true, containers: [{ username: "alice" }] });
  const lines: string[] = [];
  using client = new ContainariumClient({
    serverUrl: daemon.url,
    token: await daemon.token(),
    log: (_, line) => void lines.push(line),
  });
  await client.snapshots.create("alice", { name: "merger" });
  await client.snapshots.delete("alice", "merger");
  const deletion = lines.find((line) => line.startsWith("DELETE "));
  assert(
    /^DELETE \/v1\/containers\/alice\/snapshots\/<6 characters> 200 \d+ ms$/.test(deletion ?? ""),
    deletion,
  );
  assert(!lines.join("\n").includes("merger"));
});

Deno.test("ApiPath rejects what decodes to another path, however often", async (t) => {
  for (const name of ["", ".", "..", "%2e", "%2E%2e", "%252e%25252e", "a/b", "a%2Fb", "\ud800"]) {
    await t.step(JSON.stringify(name), () => {
      assertEquals(refusalOf("containers", name)?.code, "invalid_argument");
    });
  }
  await t.step("and does not quote it: it may be a private key", () => {
    const message = refusalOf("labels", "SECRET/abc")?.message;
    assertEquals(message, "a name with / cannot be addressed in the daemon's API");
  });
});

Deno.test("ApiPath decodes any number of escapes, and rejects overlong names", () => {
  const five = `${"%3".repeat(3_000)}5`;
  const percent = `%${"25".repeat(3_000)}`;
  for (const dots of [`%2%6${five}.`, `${percent}2e`]) {
    assertEquals(
      refusalOf("labels", dots)?.message.endsWith("it is another place"),
      true,
    );
  }
  assertEquals(segmentProblem("a".repeat(8_192)), undefined);
  assertEquals(
    segmentProblem(`%${"25".repeat(4_096)}`),
    "a name of over 8192 characters cannot be addressed in the daemon's API",
  );
});

Deno.test('removeLabel("..") sends nothing', async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  for (const key of ["..", ".", "", "%2e%2e", "../../bob"]) {
    const error = await assertRejects(
      () => client.containers.removeLabel("alice", key),
      ContainariumError,
    );
    assertEquals(error.code, "invalid_argument");
  }
  assertEquals(daemon.requests, []);
  assertEquals((await client.containers.list()).length, 1);
});

Deno.test("only client/transport/api_path.ts makes paths: no other source encodes a name or begins one", async () => {
  const makers: string[] = [];
  for (const [path, source] of await readSources(new URL("../../..", import.meta.url))) {
    const code = source.replaceAll(/^\s*(\/\*\*|\*|\/\/).*$/gm, "").replaceAll(
      /\/\*\*.*?\*\//g,
      "",
    );
    if (/["'`]\/?v1\/|encodeURI\b/.test(code)) makers.push(path);
    if (path.startsWith("client/") && /encodeURIComponent/.test(code)) makers.push(path);
  }
  assertEquals([...new Set(makers)], ["client/transport/api_path.ts"]);
});
