/** What is released: each package says the same version, and asks for what the server reads. */
import {
  getMcpConfigForManifest,
  unpackExtension,
  v0_3 as mcpb,
  validateManifest,
} from "@anthropic-ai/mcpb";
import { assert, assertEquals, assertRejects } from "@std/assert";
import metadata from "../../deno.json" with { type: "json" };
import { Environment, named, Sources } from "../../cli/sources.ts";
import { antigravityConfig, geminiExtension, pluginFiles } from "../../scripts/dist/extensions.ts";
import { formula } from "../../scripts/dist/homebrew.ts";
import { architectures } from "../../scripts/dist/image_files.ts";
import { bundleName, manifestFor } from "../../scripts/dist/mcpb.ts";
import { packageJson, tarball } from "../../scripts/dist/npm_package.ts";
import { packBundle } from "../../scripts/dist/pack_bundle.ts";
import { registryEntry } from "../../scripts/dist/registry_entry.ts";
import { denoVersion, description, jsonText, version } from "../../scripts/dist/release.ts";
import { settings } from "../../scripts/dist/settings.ts";
import { targets } from "../../scripts/dist/targets.ts";
import { shippedEnv } from "../connect.ts";
import { needing } from "../needs.ts";
import { makeTempFolder } from "../temp.ts";
import { registrySchema } from "./registry_schema.ts";

const [target] = targets;

Deno.test("every package has the version of deno.json", () => {
  const { plugin, marketplace } = pluginFiles();
  assertEquals(
    [
      packageJson().version,
      manifestFor(target).version,
      plugin.version,
      marketplace.plugins[0]?.version,
      geminiExtension().version,
      registryEntry([]).version,
    ],
    Array(6).fill(metadata.version),
  );
  for (const name of [tarball, bundleName(target)]) assert(name.includes(version), name);
});

Deno.test("packages bring the Deno that the Makefile and CI use", async () => {
  const read = (path: string) => Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
  assertEquals(packageJson().dependencies, { deno: denoVersion });
  assertEquals(/^DENO_VERSION = (.+)$/m.exec(await read("Makefile"))?.[1], denoVersion);
  assert((await read(".github/workflows/ci.yml")).includes(`deno-version: v${denoVersion}`));
});

Deno.test("clients ask users for what the server reads, and hide the token", () => {
  for (const { variable } of settings) assert(shippedEnv.includes(variable), variable);
  const secrets = settings.filter(({ isSecret }) => isSecret).map(({ variable }) => variable);
  assertEquals(secrets, ["CONTAINARIUM_JWT_TOKEN"]);
  assert(description.length <= 100, "the MCP Registry takes no more");
});

Deno.test("what users leave empty counts as not set, as a placeholder too", async () => {
  const environment = async (userConfig: Readonly<Record<string, string>>) => {
    const manifest = mcpb.McpbManifestSchema.parse(manifestFor(target));
    const config = await getMcpConfigForManifest({
      manifest,
      extensionPath: "/x",
      systemDirs: {},
      userConfig,
      pathSeparator: "/",
    });
    return config?.env ?? {};
  };
  const empty = Object.fromEntries(settings.map(({ key }) => [key, ""]));
  for (const given of [{}, empty]) {
    const env = await environment(given);
    const sources = new Sources([
      named((name) => new Environment((name) => env[name]).read(name)),
    ]);
    for (const { variable, type } of settings) {
      const expected = type === "boolean" && Object.keys(given).length === 0 ? "false" : undefined;
      assertEquals(sources.find(variable)?.value, expected, variable);
    }
  }
});

Deno.test("each system's bundle is one that mcpb validates, packs and unpacks", async (t) => {
  for (const target of targets) {
    await t.step(target.name, async () => {
      await using folder = await makeTempFolder();
      const content = `${folder.path}/content`;
      await Deno.mkdir(`${content}/server`, { recursive: true });
      const manifest = jsonText(manifestFor(target));
      await Deno.writeTextFile(`${content}/manifest.json`, manifest);
      await Deno.writeTextFile(`${content}/server/launcher.js`, "");
      const bundle = `${folder.path}/${bundleName(target)}`;
      await packBundle(content, bundle);
      const outputDir = `${folder.path}/unpacked`;
      assert(await unpackExtension({ mcpbPath: bundle, outputDir, silent: true }));
      assertEquals(await Deno.readTextFile(`${outputDir}/manifest.json`), manifest);
      assert(validateManifest(`${outputDir}/manifest.json`));
    });
  }
});

Deno.test("a bundle whose manifest is invalid is not packed", async () => {
  await using folder = await makeTempFolder();
  await folder.write("manifest.json", jsonText({ ...manifestFor(target), servers: {} }));
  await assertRejects(() => packBundle(folder.path, `${folder.path}/x.mcpb`), Error, "refused");
});

Deno.test("server.json is as the MCP Registry wants it", () => {
  const sum = "0".repeat(64);
  const bundles = targets.map((target) => ({ target, sum }));
  const entry = registrySchema.parse(JSON.parse(jsonText(registryEntry(bundles))));
  assertEquals(entry.packages.map(({ registryType }) => registryType), [
    "npm",
    ...targets.map(() => "mcpb"),
    "oci",
  ]);
  // The registry compares both.
  assertEquals(packageJson().mcpName, entry.name);
  for (const { environmentVariables } of entry.packages) {
    assertEquals(
      environmentVariables.filter(({ isSecret }) => isSecret).map(({ name }) => name),
      ["CONTAINARIUM_JWT_TOKEN"],
    );
  }
});

Deno.test("extensions start the npm package of exactly this version", () => {
  const { servers } = pluginFiles();
  const started = [servers, geminiExtension(), antigravityConfig()]
    .map(({ mcpServers: { containarium: { command, args } } }) => [command, ...args]);
  for (const words of started) {
    assertEquals(words, ["npx", "--yes", `${packageJson().name}@${version}`]);
  }
});

Deno.test("the Homebrew formula has each binary's address and checksum", () => {
  const binaries = targets.filter(({ name }) => !name.startsWith("windows"))
    .map((target, at) => ({ target, sum: String(at).repeat(64) }));
  const text = formula(binaries);
  const blocks = [...text.matchAll(/on_(arm|intel) do\n {6}url "(.+)"\n {6}sha256 "(.+)"\n/g)];
  assertEquals(
    blocks.map(([, cpu, url, sum]) => [cpu, url?.split("/").at(-1), sum]).toSorted(),
    binaries.map(({ target, sum }) => [
      target.name.endsWith("aarch64") ? "arm" : "intel",
      target.binary,
      sum,
    ]).toSorted(),
  );
  const count = (pattern: RegExp) => [...text.matchAll(pattern)].length;
  assertEquals(count(/ do$|^class|^ +def /gm), count(/^ *end$/gm));
});

Deno.test("the Dockerfile copies what make dist puts there, and runs it as nobody", async () => {
  const text = await Deno.readTextFile(new URL("../../Dockerfile", import.meta.url));
  const [, from] = /^COPY \S+ (\S+) /m.exec(text) ?? [];
  assertEquals(from, `dist/oci/\${TARGETARCH}/mcp-server`);
  assertEquals(Object.values(architectures), ["amd64", "arm64"]);
  for (const name of Object.keys(architectures)) {
    assert(targets.some((target) => target.name === name), name);
  }
  assertEquals(/^USER (.+)$/m.exec(text)?.[1], "65532:65532");
  assertEquals(/ARG REGISTRY_NAME=(.+)$/m.exec(text)?.[1], packageJson().mcpName);
  assert(!/^(ENV|ARG) CONTAINARIUM_JWT_TOKEN=/m.test(text));
});

Deno.test(needing(["hadolint"], "the Dockerfile is as hadolint wants it"), async () => {
  const path = new URL("../../Dockerfile", import.meta.url).pathname;
  const { success, stdout } = await new Deno.Command("hadolint", { args: [path] }).output();
  assert(success, new TextDecoder().decode(stdout));
});
