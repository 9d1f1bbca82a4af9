import { assertEquals } from "@std/assert";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { API_KEY, daemonWith, key, withoutTimes } from "./secret_fixture.ts";
import { answering } from "../../answering.ts";
import { writes } from "../../writes.ts";

Deno.test("delete_secret asks first, and says where the value stays", async (t) => {
  const stays = {
    env:
      " Its value stays in the environment of alice-container: running processes keep it, and new " +
      "ones get it until API_KEY is set anew as env.",
    file: " Its value stays in /run/secrets/API_KEY of alice-container until it restarts.",
    compose: "",
  } as const;
  for (const delivery of ["env", "file", "compose"] as const) {
    await t.step(delivery, async () => {
      await using daemon = await daemonWith({ secrets: [{ ...key, delivery }] });
      await using server = await connect(daemon, { capabilities: { elicitation: {} } });
      const asked = answering(server, false, true);
      assertEquals((await server.call("delete_secret", API_KEY)).isError, true);
      assertEquals(writes(daemon), []);
      assertEquals(
        (await server.call("delete_secret", API_KEY)).text,
        `Deleted the secret API_KEY.${stays[delivery]}`,
      );
      const again = await server.call("delete_secret", API_KEY);
      assertEquals(again.text, "There is no secret API_KEY; nothing was deleted.");
      assertEquals(
        withoutTimes(String(asked[0])),
        "Delete the secret API_KEY of alice-container (version 1, set TIME), permanently? Its value " +
          "cannot be restored.",
      );
      assertEquals(asked.length, 2);
    });
  }
});

Deno.test("delete_secret removes what an earlier container left", async () => {
  await using daemon = await startDaemon({ secrets: [key] });
  await using server = await connect(daemon);
  assertEquals((await server.call("delete_secret", API_KEY)).text, "Deleted the secret API_KEY.");
});
