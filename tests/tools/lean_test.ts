/** What answers cost a model to read. */
import { assert, assertEquals } from "@std/assert";
import { connect } from "../connect.ts";
import { startDaemon } from "../daemon/mod.ts";
import { tokensIn } from "../../scripts/tokens.ts";
import { testWithPty } from "../with_pty.ts";
import { liveUsualDay, startUsualDaemon, usualDay } from "./usual_day.ts";

const users =
  ("alice bob carol dora emil finn greta hugo ines jonas karla lena mara nils otto paula " +
    "quentin rosa sam tina uli vera willi xenia yara zoe anna ben clara david eva felix gina hanna " +
    "ivan julia kai laura max nora oscar pia ralf sara tom ute viktor wanda yves zara").split(" ");

Deno.test("list_containers shows 50 containers in at most 3,500 tokens", async () => {
  await using daemon = await startDaemon({
    containers: users.map((username, at) => ({
      username,
      labels: at % 5 === 0 ? {} : { team: at % 2 === 0 ? "web" : "data" },
      createdAt: new Date(Date.UTC(2026, 10, 1, 8, at, 30, 123)),
      ...(at % 10 === 3 ? { ttlSeconds: 86_400 } : {}),
      ...(at % 10 === 4 ? { state: "CONTAINER_STATE_STOPPED" as const } : {}),
      protected: at % 25 === 5,
    })),
    storageDriver: "zfs",
  });
  await using server = await connect(daemon);
  const { structuredContent, text } = await server.call("list_containers");
  const tokens = tokensIn(JSON.stringify(structuredContent));
  assert(tokens <= 3_500, `${tokens} tokens`);
  assert(tokensIn(text) <= 2_000, `${tokensIn(text)} tokens of text`);
});

testWithPty("40 calls of a usual day cost at most 12 KB to read, as data or as text", async () => {
  await using daemon = await startUsualDaemon();
  await using server = await connect(daemon, { env: { CONTAINARIUM_CONSENT: "never" } });
  const results = await liveUsualDay(server);
  // A client shows the model one of the two; a failure has only text.
  const data = results.map(({ structuredContent, text }) =>
    structuredContent === undefined ? text : JSON.stringify(structuredContent)
  );
  const bytes = (texts: readonly string[]) => new TextEncoder().encode(texts.join("")).length;
  assertEquals(results.filter(({ isError }) => isError).length, 2);
  assert(bytes(data) <= 12_000, `${bytes(data)} bytes of data`);
  assert(bytes(results.map(({ text }) => text)) <= 12_000, "the texts are longer");
});

testWithPty("results leave out what is empty, and false where absence says so", async () => {
  await using daemon = await startUsualDaemon();
  await using server = await connect(daemon, { env: { CONTAINARIUM_CONSENT: "never" } });
  const results = await liveUsualDay(server);
  const found = results.flatMap(({ structuredContent }, at) =>
    emptyIn(structuredContent, usualDay[at]?.[0] ?? "")
  );
  assertEquals([...new Set(found)].filter((path) => !meant.has(path)), []);
});

/** Fields that are present although false or empty, since they answer the call. */
const meant = new Set([
  "start_container.changed",
  "stop_container.changed",
  "delete_container.deleted",
  "get_quotas.quotas",
]);

/** Returns the paths of fields that are false, empty or null. */
function emptyIn(value: unknown, path: string): readonly string[] {
  if (typeof value === "number") return [];
  if (!value) return value === undefined ? [] : [path];
  if (typeof value !== "object") return [];
  const entries = Object.entries(value);
  if (entries.length === 0) return [path];
  const isList = Array.isArray(value);
  return entries.flatMap(([key, inner]) => emptyIn(inner, isList ? path : `${path}.${key}`));
}
