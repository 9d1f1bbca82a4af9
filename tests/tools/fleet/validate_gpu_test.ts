import { assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

Deno.test("validate_gpu says that a GPU does not work, and why, although the daemon answers 200", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const { isError, text } = await server.call("validate_gpu");
  assertEquals(isError, false);
  assertStringIncludes(text, "status: unavailable\ndetail: create throwaway LXC: failed");
});

Deno.test("validate_gpu shows a GPU that works, with its driver", async () => {
  await using daemon = await startDaemon({ gpuModels: ["A100"] });
  await using server = await connect(daemon);
  const { structuredContent } = await server.call("validate_gpu");
  assertStringIncludes(JSON.stringify(structuredContent), '"status":"ok"');
  assertStringIncludes(JSON.stringify(structuredContent), '"driver_version":"550.54"');
});

Deno.test("validate_gpu knows no host of another name, and passes on what it does not know", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const { reason, text } = await server.call("validate_gpu", { backend: "nope" });
  assertEquals(reason, "unknown_backend");
  assertStringIncludes(text, "There is no host nope");
  const body = '{"status":"GPU_STATUS_MELTED","detail":"too hot"}';
  daemon.inject({ kind: "answer", method: "POST", status: 200, body });
  assertStringIncludes((await server.call("validate_gpu")).text, "status: unknown");
});
