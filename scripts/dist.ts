/**
 * `make dist`: makes everything that a release consists of, of one version, in `dist/`.
 *
 * ```sh
 * deno run -P=test scripts/dist.ts [--all] [--strict] [KIND…] [FLAG…]
 * ```
 *
 * `--all` makes it for every system; with `--strict` it is a failure if something cannot be made here. Further
 * flags are those of `deno info`: `--import-map`, `--lock`.
 *
 * @module
 */
import { makeBinaries } from "./dist/binaries.ts";
import { makeChecksums } from "./dist/checksums.ts";
import { makeAntigravityConfig, makeGeminiExtension, makePlugin } from "./dist/extensions.ts";
import { makeFormula } from "./dist/homebrew.ts";
import { makeImageFiles } from "./dist/image_files.ts";
import { makeInstaller } from "./dist/installer.ts";
import { makeBundles } from "./dist/mcpb.ts";
import { makeNpmPackage } from "./dist/npm_package.ts";
import { makeRegistryEntry } from "./dist/registry_entry.ts";
import type { Made, MakeOptions } from "./dist/release.ts";

/** What can be made, in the order in which one needs the other. */
const kinds: Readonly<Record<string, (options: MakeOptions) => Promise<Made>>> = {
  binaries: makeBinaries,
  npm: makeNpmPackage,
  mcpb: makeBundles,
  plugin: makePlugin,
  gemini: makeGeminiExtension,
  antigravity: makeAntigravityConfig,
  registry: makeRegistryEntry,
  homebrew: makeFormula,
  oci: makeImageFiles,
  installer: makeInstaller,
  checksums: makeChecksums,
};

const own = ["--all", "--strict"];
const imports = Deno.args.filter((arg) => arg.startsWith("--") && !own.includes(arg));
const named = Deno.args.filter((arg) => !arg.startsWith("--"));
const unknown = named.find((name) => !Object.hasOwn(kinds, name));
if (unknown !== undefined) {
  throw new Error(`There is no kind of package ${unknown}: ${Object.keys(kinds).join(", ")}`);
}

const lines: string[] = [];
let isComplete = true;
for (const [name, make] of Object.entries(kinds)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const { made, skipped } = await make({ isForAll: Deno.args.includes("--all"), imports });
  for (const file of made) lines.push(`Made dist/${file}`);
  for (const reason of skipped) lines.push(`Skipped ${reason}`);
  isComplete &&= skipped.length === 0;
}
await Deno.stdout.write(new TextEncoder().encode(lines.map((line) => `${line}\n`).join("")));
// esbuild's own process would keep this one running.
Deno.exit(isComplete || !Deno.args.includes("--strict") ? 0 : 1);
