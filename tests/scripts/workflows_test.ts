/** The workflows: what they use is pinned, and few of their jobs may speak for the project. */
import { assert, assertEquals } from "@std/assert";
import { parse } from "yaml";
import { z } from "zod";
import { denoVersion } from "../../scripts/dist/release.ts";

const folder = new URL("../../.github/workflows/", import.meta.url);
const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
const texts = new Map(names.map((name) => [name, Deno.readTextFileSync(new URL(name, folder))]));
const release = texts.get("release.yml") ?? "";

/** A workflow, by what is asked of it here. */
const workflow = z.object({
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(
    z.string(),
    z.object({
      needs: z.union([z.string(), z.array(z.string())]).default([]),
      permissions: z.record(z.string(), z.string()).default({}),
      steps: z.array(z.object({
        uses: z.string().default(""),
        with: z.record(z.string(), z.unknown()).default({}),
        run: z.string().default(""),
      })),
    }),
  ),
});

Deno.test("every action outside this repository is pinned by its commit, and its version is named", () => {
  const versions = new Map<string, string>();
  for (const [name, text] of texts) {
    const lines = text.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));
    assert(lines.length > 0, name);
    for (const line of lines.filter((line) => !/uses: \.\//.test(line))) {
      assert(
        /uses: [\w.-]+(\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line),
        `${name}: ${line}`,
      );
      const [, action = "", version = ""] = /uses: ([^@]+)@(.+)/.exec(line) ?? [];
      assertEquals(version, versions.get(action) ?? version, `${action} in ${name}`);
      versions.set(action, version);
    }
  }
});

Deno.test("only jobs that attest or publish may get an identity token, and they run no tests", () => {
  const holders: string[] = [];
  for (const [file, text] of texts) {
    const { permissions, jobs } = workflow.parse(parse(text));
    assertEquals(permissions, { contents: "read" }, file);
    for (const [name, job] of Object.entries(jobs)) {
      if (job.permissions["id-token"] !== "write") continue;
      holders.push(`${file} ${name}`);
      const commands = job.steps.map(({ run }) => run).join("\n");
      assert(!/\.ci\/run|\bmake\b|\bdeno (run|test|task)\b/.test(commands), `${name}: ${commands}`);
    }
  }
  assertEquals(
    holders,
    ["attest", "npm", "jsr", "image", "registry"].map((name) => `release.yml ${name}`),
  );
});

Deno.test("no job leaves the token it was checked out with where its commands can read it", () => {
  for (const [file, text] of texts) {
    for (const [name, { steps }] of Object.entries(workflow.parse(parse(text)).jobs)) {
      const checkouts = steps.filter(({ uses }) => uses.startsWith("actions/checkout@"));
      for (const { with: given } of checkouts) {
        assertEquals(given["persist-credentials"], false, `${file} ${name}`);
      }
    }
  }
});

Deno.test("nothing is published before its packages are made, tested and attested", () => {
  const { jobs } = workflow.parse(parse(release));
  const before = (name: string): readonly string[] =>
    [jobs[name]?.needs ?? []].flat().flatMap((needed) => [needed, ...before(needed)]);
  for (const name of Object.keys(jobs).filter((name) => name !== "make" && name !== "attest")) {
    assert(before(name).includes("attest") && before(name).includes("make"), name);
  }
});

Deno.test("the release workflow checks the tag, and takes no program that is not pinned", () => {
  assert(release.includes(`deno-version: v${denoVersion}`));
  assert(release.includes("make dist ALL=1 STRICT=1"));
  assert(release.includes("scripts/release_tag.ts"));
  // What runs with the rights of a release is not whatever is the latest.
  assert(!/curl|wget|latest\/download|@latest/.test(release));
  assert(/go install \S+@v\d+\.\d+\.\d+$/m.test(release));
});
