import { parseServerUrl, type Token } from "../../client/internal.ts";
import type { Config } from "../config.ts";
import type { Setting, Sources } from "../sources.ts";
import { openPolicy, type PolicyFile } from "../policy_file.ts";
import { UsageError } from "../usage_error.ts";
import { type Check, failed, ok } from "./check.ts";

const TOKEN = "CONTAINARIUM_JWT_TOKEN";
const URL_VARIABLE = "CONTAINARIUM_SERVER_URL";

/** Returns a line for each setting: its value and where it came from. */
export function settingChecks(
  variables: readonly string[],
  sources: Sources,
  config: Config | undefined,
): readonly Check[] {
  // A daemon that was chosen by name has its address and token in the file.
  const unused = config?.serverName === undefined ? [TOKEN] : [TOKEN, URL_VARIABLE];
  const found = variables.filter((name) => !unused.includes(name))
    .map((name) => sources.find(name)).filter((setting) => setting !== undefined);
  const address = found.find(({ variable }) => variable === URL_VARIABLE);
  const filed = config === undefined || address !== undefined
    ? []
    : [ok("address", `${config.serverUrl} (~/.containarium/credentials.json)`)];
  return [...filed, ...found.map((setting) => ok(nameOf(setting), described(setting)))];
}

/** Returns the line for the token: that it is set, how long it is and when it expires, never itself. */
export function tokenSetting(token: Token, config: Config, sources: Sources): Check {
  const expiry = token.claims?.expiresAt;
  const until = token.claims === undefined
    ? "not a JWT"
    : expiry === undefined
    ? "never expires"
    : `${expiry < new Date() ? "expired" : "expires"} ${expiry.toISOString().slice(0, 10)}`;
  return ok("token", `set, ${token.length} characters, ${until} (${originOf(config, sources)})`);
}

/** Returns whether the file with templates and quotas can be used. */
export async function policyCheck(file: PolicyFile): Promise<Check> {
  try {
    const { templates, quotas } = await (await openPolicy(file, undefined, () => {}))();
    const limits = quotas === undefined ? "no quotas" : "with quotas";
    return ok("policy", `${file.path}: ${templates.size} templates, ${limits}`);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return failed("policy", inOneLine(error.message), "correct it: see docs/policy.md");
  }
}

/** Joins a heading that ends with a colon and the lines below it. */
function inOneLine(message: string): string {
  const [heading = "", ...lines] = message.split("\n").map((line) => line.trim());
  return [heading, lines.join("; ")].filter((part) => part !== "").join(" ");
}

function originOf({ token }: Config, sources: Sources): string {
  if (typeof token === "string") {
    const setting = sources.find(TOKEN);
    return setting === undefined ? TOKEN : placeOf(setting);
  }
  return "file" in token ? token.file : token.credentialsFile;
}

function nameOf({ variable }: Setting): string {
  return variable === URL_VARIABLE ? "address" : "setting";
}

function described(setting: Setting): string {
  const { variable, value } = setting;
  const place = placeOf(setting);
  if (variable !== URL_VARIABLE) return `${variable}=${value} (${place})`;
  // What is no address may be a token in the wrong place, or hold a password.
  return isAddress(value) ? `${value} (${place})` : `set, but not an address (${place})`;
}

function isAddress(value: string): boolean {
  try {
    parseServerUrl(value);
    return true;
  } catch {
    return false;
  }
}

/** Where a setting was made: a flag, the environment, or a file. */
function placeOf({ label, variable }: Setting): string {
  return label === variable ? "environment" : label;
}
