import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { revokeToken } from "../../../tools/admin/revoke_token.ts";
import { clientOf } from "../../client/connect.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { makeTempFolder } from "../../temp.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";
import { canAsk } from "./asking.ts";
import { answering } from "../../answering.ts";
import { writes } from "../../writes.ts";

Deno.test("revoke_token asks first, and says what is not known", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon, canAsk);
  const asked = answering(server, false, true);
  const jti = "lost-laptop";
  assertEquals((await server.call("revoke_token", { jti })).isError, true);
  assertEquals(writes(daemon), []);
  const revoked = await server.call("revoke_token", { jti });
  assertEquals(
    revoked.text,
    "Revoked: lost-laptop. The daemon keeps no list of tokens, so whether one has this jti is not " +
      "known.",
  );
  const again = await server.call("revoke_token", { jti });
  assertStringIncludes(again.text, "Already revoked: lost-laptop.");
  assertEquals(asked, [
    'Revoke the token with the jti "lost-laptop"? Whoever uses it is locked out at once. That cannot ' +
    "be undone.",
    'Revoke the token with the jti "lost-laptop"? Whoever uses it is locked out at once. That cannot ' +
    "be undone.",
  ]);
  assertEquals(writes(daemon), ["POST /v1/tokens/revoke"]);
});

Deno.test("revoke_token says in its question that this server loses its own access", async (t) => {
  for (const args of [{ own: true }, { jti: "mine" }]) {
    await t.step(JSON.stringify(args), async () => {
      await using daemon = await startDaemon();
      const token = await daemon.token({ jti: "mine" });
      await using server = await connect({ url: daemon.url, token }, canAsk);
      const asked = answering(server, true);
      const { text, structuredContent } = await server.call("revoke_token", args);
      assertEquals(asked, [
        'Revoke the token that this server itself uses (jti "mine")? This server, and whatever else ' +
        "uses it, then loses all access until it is given another token. That cannot be undone.",
      ]);
      assertStringIncludes(text, "ask the user for a new token");
      assertEquals(Reflect.get(Object(structuredContent), "own"), true);
      const after = await server.call("list_alerts", {});
      assertStringIncludes(after.text, "The daemon rejects the token");
    });
  }
});

Deno.test("revoke_token refuses a whole token without repeating it, and none at all", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon, { ...canAsk, env: { CONTAINARIUM_DEBUG: "true" } });
  const jwt = await daemon.token();
  for (const jti of [jwt, `Bearer ${jwt}`, "ctnr_abcdefghij"]) {
    const { isError, text } = await server.call("revoke_token", { jti });
    assertEquals(isError, true);
    assertStringIncludes(text, "this is a whole token");
    assert(!text.includes(jti.slice(0, 15)), text);
  }
  for (const args of [{}, { jti: "x", own: true }]) {
    assertStringIncludes((await server.call("revoke_token", args)).text, "either jti or own=true");
  }
  assertEquals(writes(daemon), []);
});

Deno.test("revoke_token does not lock this server out when its token changes meanwhile", async () => {
  await using daemon = await startDaemon();
  await using folder = await makeTempFolder();
  const file = `${folder.path}/token`;
  await Deno.writeTextFile(file, await daemon.token({ jti: "first" }));
  await Deno.chmod(file, 0o600);
  using client = await clientOf(daemon, { token: { file } });
  const args = { jti: "second", own: false };
  const { refusal } = await changedBetween(revokeToken, args, contextOf(client), async () => {
    await Deno.writeTextFile(file, `${await daemon.token({ jti: "second" })}\n`);
  });
  assertEquals(refusal?.reason, "changed_since_agreed");
  assertEquals(writes(daemon), []);
});
