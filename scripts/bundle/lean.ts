import type { Plugin } from "esbuild";
import { dirname } from "node:path";
import { builtPage } from "./built_page.ts";
import { tokensOfDescription } from "../tokens.ts";
import { entries, promptEntries, resourceEntries } from "../../tools/entries.ts";

/**
 * Leaves out of the bundle what the start does not need:
 *
 * - `tools/entries.ts` becomes data, so that tools are loaded at the first call, and resources and prompts at
 *   the first read;
 * - the view's page is built here, not at the first request;
 * - the unused ones of the SDK's hundreds of schemas are dropped, since building one has no side effects;
 * - the others are interpreted: they read little, and zod takes milliseconds to compile them;
 * - zod has only English messages, and no parser of JSON Schema.
 */
export function lean(): Plugin {
  return {
    name: "lean",
    setup(build) {
      build.onLoad({ filter: /[\\/]tools[\\/]entries\.ts$/ }, ({ path }) => ({
        contents: listedEntries(),
        loader: "js",
        resolveDir: dirname(path),
      }));
      build.onLoad({ filter: /[\\/]fleet_view[\\/]fleet_page\.ts$/ }, async () => ({
        contents: `export const fleetPage = ${JSON.stringify(await builtPage())};`,
        loader: "js",
      }));
      build.onLoad({ filter: /[\\/]sdk[\\/].*[\\/]esm[\\/]types\.js$/ }, async ({ path }) => ({
        contents: interpreted(withoutEffects(await Deno.readTextFile(path))),
        loader: "js",
      }));
      build.onLoad({ filter: /[\\/]zod[\\/].*[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
        contents: `export { default as en } from "./en.js";`,
        loader: "js",
        resolveDir: dirname(path),
      }));
      build.onLoad({ filter: /[\\/]zod[\\/].*[\\/]classic[\\/]from-json-schema\.js$/ }, () => ({
        contents: "export const fromJSONSchema = undefined;",
        loader: "js",
      }));
    },
  };
}

/** `tools/entries.ts` as data. A description is parsed on first use. */
function listedEntries(): string {
  const listed = entries.map(({ description, load: _, ...entry }) => ({
    // Counted here: the tokenizer has 2 MB.
    entry: { ...entry, tokens: tokensOfDescription(description) },
    text: JSON.stringify(description),
  }));
  return `
    const load = async (wanted) =>
      (await import("./toolsets.ts")).registry.find(({ name }) => name === wanted);
    export const entries = ${JSON.stringify(listed)}.map(({ entry, text }) => {
      let description, tool;
      return {
        ...entry,
        get description() {
          return description ??= JSON.parse(text);
        },
        // To import what is there takes a while, too.
        load: () => tool ??= load(entry.name),
      };
    });
    export const resourceEntries = ${JSON.stringify(resourceEntries)}.map((entry) => ({
      ...entry,
      load: async () =>
        (await import("./all_resources.ts")).allResources
          .find(({ uri }) => uri === entry.description.uri),
    }));
    export const promptEntries = ${JSON.stringify(promptEntries)}.map((entry) => ({
      ...entry,
      load: async () =>
        (await import("./prompts/mod.ts")).prompts
          .find(({ name }) => name === entry.description.name),
    }));
  `;
}

/** Has zod compile none of a module's schemas. */
function interpreted(source: string): string {
  return `z.config({ jitless: true });\n${source}\nz.config({ jitless: false });\n`;
}

/** Marks each constant as droppable if it is unused. */
function withoutEffects(source: string): string {
  return source.replaceAll(
    /^(export )?const (\w+) = ((?:z|\w+Schema)\.[^]*?);$(?=\n[^\s)}\]])/gm,
    "$1const $2 = /* @__PURE__ */ (() => $3)();",
  );
}
