import { assert, assertEquals } from "@std/assert";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

Deno.test("delete_backup, restore_backup and verify_backup quote nothing that cannot be a backup's id", async (t) => {
  await using daemon = await startDaemon();
  const token = await daemon.token();
  await using server = await connect(daemon, { args: ["--toolsets", "all"] });
  const login = { user: "app", "password_secret": "DB" };
  const calls = {
    "delete_backup": {},
    "restore_backup": login,
    "verify_backup": { ...login, target: "bob" },
  };
  for (const [tool, args] of Object.entries(calls)) {
    await t.step(tool, async () => {
      for (const id of [token, "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl", "../x", ""]) {
        const { code, text } = await server.call(tool, { ...args, id });
        assertEquals(code, "invalid_argument", text);
        assert(!text.includes(token) && !text.includes("b3Bl"), text);
      }
    });
  }
  assertEquals(daemon.requests.length, 0);
});
