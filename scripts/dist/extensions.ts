/**
 * What clients install besides bundles: a plugin of Claude Code, an extension of the Gemini CLI, a configuration of
 * Antigravity. Each starts the npm package of exactly this version.
 *
 * @module
 */
import { emptyFolder, packTarball } from "./programs.ts";
import {
  description,
  folder,
  homepage,
  jsonText,
  license,
  type Made,
  packageName,
  version,
} from "./release.ts";
import { placeholders, settings, userConfig } from "./settings.ts";

const author = { name: "The authors of mcp-server for Containarium", url: homepage };
const started = { command: "npx", args: ["--yes", `${packageName}@${version}`] };

/** What a client starts. */
interface Servers {
  readonly mcpServers: {
    readonly containarium: {
      readonly command: string;
      readonly args: readonly string[];
      readonly env?: Readonly<Record<string, string>>;
    };
  };
}

/** What a client shows of an extension. */
interface About {
  readonly name: string;
  readonly version: string;
  readonly description: string;
}

/** The files of the plugin. */
interface PluginFiles {
  readonly plugin: About & Readonly<Record<string, unknown>>;
  readonly marketplace: { readonly plugins: readonly (About & { readonly source: string })[] };
  readonly servers: Servers;
}

const about: About = { name: "containarium", version, description };

/** Makes the plugin of Claude Code, which is also a marketplace of one plugin. */
export async function makePlugin(): Promise<Made> {
  const staging = await emptyFolder("claude-plugin");
  const { plugin, marketplace, servers } = pluginFiles();
  await Deno.mkdir(`${staging}/.claude-plugin`);
  await Deno.writeTextFile(`${staging}/.claude-plugin/plugin.json`, jsonText(plugin));
  await Deno.writeTextFile(`${staging}/.claude-plugin/marketplace.json`, jsonText(marketplace));
  await Deno.writeTextFile(`${staging}/.mcp.json`, jsonText(servers));
  const name = `containarium-claude-plugin-${version}.tar.gz`;
  await packTarball(name, staging);
  return { made: [name], skipped: [] };
}

/** Returns the files of the plugin. */
export function pluginFiles(): PluginFiles {
  const plugin = {
    ...about,
    displayName: "Containarium",
    author,
    homepage,
    repository: homepage,
    license,
    keywords: ["containers", "containarium"],
    userConfig: userConfig(),
  };
  const marketplace = {
    name: "containarium",
    description,
    owner: author,
    plugins: [{ ...about, source: "./" }],
  };
  return {
    plugin,
    marketplace,
    servers: { mcpServers: { containarium: { ...started, env: placeholders() } } },
  };
}

/** Makes the extension of the Gemini CLI. */
export async function makeGeminiExtension(): Promise<Made> {
  const staging = await emptyFolder("gemini-extension");
  await Deno.writeTextFile(`${staging}/gemini-extension.json`, jsonText(geminiExtension()));
  const name = `containarium-gemini-extension-${version}.tar.gz`;
  await packTarball(name, staging);
  return { made: [name], skipped: [] };
}

/** Returns the extension's only file. It passes on no variables but those that it names. */
export function geminiExtension(): About & Servers & Readonly<Record<string, unknown>> {
  return {
    ...about,
    mcpServers: { containarium: started },
    settings: settings.map(({ title, description, variable, isSecret }) => ({
      name: title,
      description,
      envVar: variable,
      sensitive: isSecret ?? false,
    })),
  };
}

/** Makes the configuration of Antigravity, to be merged into the user's. */
export async function makeAntigravityConfig(): Promise<Made> {
  const name = `containarium-antigravity-${version}.json`;
  await Deno.writeTextFile(`${folder}/${name}`, jsonText(antigravityConfig()));
  return { made: [name], skipped: [] };
}

/** Returns Antigravity's `mcp_config.json`. */
export function antigravityConfig(): Servers {
  const env = {
    CONTAINARIUM_SERVER_URL: "http://your-server:8080",
    CONTAINARIUM_JWT_TOKEN: "your-jwt-token",
  };
  return { mcpServers: { containarium: { ...started, env } } };
}
