/** What answers cost a model to read. */
import { assert } from "@std/assert";
import { connect } from "../connect.ts";
import { startDaemon } from "../daemon/mod.ts";
import { tokensIn } from "../readme/tokens.ts";

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
