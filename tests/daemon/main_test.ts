/** The command. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";

Deno.test("The command prints what to export, serves, and ends on a signal", async () => {
  const root = new URL("../../", import.meta.url);
  const command = new Deno.Command(Deno.execPath(), {
    cwd: root,
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-net=127.0.0.1",
      "--import-map=npm/imports.json",
      "--lock=npm/deno.lock",
      "tests/daemon/main.ts",
      "--container=alice",
      "--container=bob",
    ],
    stdout: "piped",
    stderr: "inherit",
  });
  await using child = command.spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let printed = "";
  while (printed.split("\n").length < 4) {
    const { value, done } = await reader.read();
    assert(!done, `It ended after printing ${printed}`);
    printed += value;
  }
  const exported = (name: string) => printed.match(`export ${name}=(.*)`)?.[1] ?? "";
  const answer = await fetch(`${exported("CONTAINARIUM_SERVER_URL")}/v1/containers`, {
    headers: { authorization: `Bearer ${exported("CONTAINARIUM_JWT_TOKEN")}` },
  });
  const { totalCount }: { readonly totalCount: number } = await answer.json();
  assertEquals(totalCount, 2);
  child.kill("SIGTERM");
  assertEquals((await child.status).code, 0);
  await reader.cancel();
});

Deno.test("The command refuses what it does not know", async () => {
  const root = new URL("../../", import.meta.url);
  const common = ["run", "--quiet", "--no-prompt", "--allow-net=127.0.0.1"];
  const maps = ["--import-map=npm/imports.json", "--lock=npm/deno.lock"];
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    cwd: root,
    args: [...common, ...maps, "tests/daemon/main.ts", "--containers=x"],
  }).output();
  assertEquals(code, 2);
  assertStringIncludes(new TextDecoder().decode(stderr), "unknown argument --containers=x");
});
