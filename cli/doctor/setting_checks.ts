import { parseServerUrl, type Token } from "../../client/internal.ts";
import { partsOf, type PolicyPart, type PolicySource } from "../../tools/mod.ts";
import type { Config } from "../config.ts";
import type { Setting, Sources } from "../sources.ts";
import { openPolicy, type PolicyFile } from "../policy_file.ts";
import { UsageError } from "../usage_error.ts";
import { type Check, failed, ok, warning } from "./check.ts";
import { MINT } from "./token_checks.ts";

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
  const isExpired = expiry !== undefined && expiry < new Date();
  const until = token.claims === undefined
    ? "not a JWT"
    : expiry === undefined
    ? "never expires"
    : `${isExpired ? "expired" : "expires"} ${expiry.toISOString().slice(0, 10)}`;
  const found = `set, ${token.length} characters, ${until} (${originOf(config, sources)})`;
  // No failure: this machine's clock may be wrong, and the daemon's decides.
  return isExpired ? warning("token", found, MINT) : ok("token", found);
}

/** Returns whether the policy file can be used, and what it has. */
export async function policyCheck(file: PolicyFile): Promise<Check> {
  try {
    const { templates, quotas, deleteGrace, snapshotBefore = [] } =
      await (await openPolicy(file, undefined, () => {}))();
    const parts = [
      `${templates.size} ${templates.size === 1 ? "template" : "templates"}`,
      quotas === undefined ? "no quotas" : "with quotas",
      ...(deleteGrace === undefined ? [] : [`delete_grace ${graceWords(deleteGrace)}`]),
      ...(snapshotBefore.length === 0 ? [] : [`snapshot_before ${snapshotBefore.join(", ")}`]),
    ];
    return ok("policy", `${file.path}: ${parts.join("; ")}`);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return failed("policy", inOneLine(error.message), "correct it: see docs/policy.md");
  }
}

/** Returns what the policy has; of a file that cannot be used, nothing. */
export async function policyParts(
  { policyFile, deleteGrace }: Pick<Config, "policyFile" | "deleteGrace">,
): Promise<readonly PolicyPart[]> {
  try {
    return partsOf(await (await openPolicy(policyFile, deleteGrace, () => {}))());
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return [];
  }
}

function graceWords(grace: NonNullable<Awaited<ReturnType<PolicySource>>["deleteGrace"]>): string {
  return typeof grace === "string" ? grace : "by team";
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
