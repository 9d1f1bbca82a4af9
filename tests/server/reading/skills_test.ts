/** The extension Skills (SEP-2640) as a client sees it, in both revisions. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connect, type Session } from "../../connect.ts";
import { requestFailure } from "../../request_failure.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { modern } from "../modern_envelope.ts";

const extension = "io.modelcontextprotocol/skills";

/** What a client computes of what it has read. */
async function manifestOf(
  server: Session,
  uri: string,
): Promise<{ readonly digest: string; readonly size: number; readonly head: string }> {
  const { contents } = await server.request("resources/read", { uri });
  assert(Array.isArray(contents));
  const text: string = contents[0].text;
  const bytes = new TextEncoder().encode(text);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const [, head = ""] = /^---\n([^]*?)\n---\n/.exec(text) ?? [];
  return { digest: `sha256:${hash.toHex()}`, size: bytes.length, head };
}

Deno.test("skills/list describes each skill as its text is, and asks nothing of the daemon", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  assertEquals(Object(server.initialized.capabilities).extensions, { [extension]: {} });
  const { skills } = await server.request("skills/list");
  assert(Array.isArray(skills) && skills.length === 7);
  for (const { uri, frontmatter: { name, description }, resources } of skills) {
    const { digest, size, head } = await manifestOf(server, uri);
    assertEquals(uri, `skill://${name}/SKILL.md`);
    assertEquals(head, `name: ${name}\ndescription: ${JSON.stringify(description)}`);
    assertEquals(resources, [{ uri, digest, size }]);
    assertEquals(await server.request("skills/get", { uri }), {
      skill: { uri, frontmatter: { name, description }, resources },
    });
  }
  assertEquals(daemon.requests, []);
});

Deno.test("skills/list and skills/get may be kept in 2026-07-28", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon, { initialize: false });
  const { capabilities } = await server.request("server/discover", modern());
  assertEquals(Object(capabilities).extensions, { [extension]: {} });
  const uri = "skill://deploy-app/SKILL.md";
  for (const [method, params] of [["skills/list", {}], ["skills/get", { uri }]] as const) {
    const { resultType, ttlMs, cacheScope } = await server.request(method, modern(params));
    assertEquals([resultType, ttlMs, cacheScope], ["complete", 3_600_000, "private"]);
  }
});

Deno.test("skills/get refuses what is no skill with -32602", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon, { args: ["--read-only"] });
  const refused: readonly Readonly<Record<string, unknown>>[] = [
    {},
    { uri: 7 },
    { uri: "skill://none/SKILL.md" },
    { uri: "skill://deploy-app/SKILL.md" },
    { uri: "containarium://containers" },
    { uri: `skill://\u001b${"x".repeat(100_000)}` },
  ];
  for (const params of refused) {
    const { code, message } = await requestFailure(server, "skills/get", params);
    assertEquals(code, -32602);
    assert(message.length < 300 && !message.includes("\u001b"), message);
  }
  const uri = "skill://none/SKILL.md";
  assertEquals((await requestFailure(server, "skills/get", { uri })).data, { uri });
  assertEquals(
    (await requestFailure(server, "skills/list", { cursor: 7 })).message,
    "skills/list: expected params {cursor?: string}",
  );
  assertStringIncludes(
    (await requestFailure(server, "skills/list", { cursor: "x" })).message,
    "this cursor is not from this server",
  );
});

Deno.test("a skill changes with the tools that are on, and its digest with it", async () => {
  await using daemon = await startDaemon();
  await using whole = await connect(daemon);
  await using reading = await connect(daemon, { args: ["--read-only"] });
  const uri = "skill://clean-up-idle/SKILL.md";
  const digests = await Promise.all([whole, reading].map(async (server) => {
    const { skill } = await server.request("skills/get", { uri });
    const [{ digest }] = Object(skill).resources;
    assertEquals(digest, (await manifestOf(server, uri)).digest);
    return digest;
  }));
  assertEquals(new Set(digests).size, 2);
});

Deno.test("without skills the extension is neither declared nor served", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon, { args: ["--tools", "get_container"] });
  assertEquals(Object(server.initialized.capabilities).extensions, undefined);
  assertEquals((await requestFailure(server, "skills/list", {})).code, -32601);
});
