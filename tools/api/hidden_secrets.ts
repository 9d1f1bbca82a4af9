import { withoutSecrets } from "../../client/internal.ts";

/** JSON with the secrets in it hidden. */
export interface HiddenSecrets {
  /** The same JSON; a secret is `[hidden]`. */
  readonly json: unknown;
  /** Names of the fields with a secret, each once. */
  readonly fields: readonly string[];
}

const HIDDEN = "[hidden]";

/** A lease of a task is of use to nobody else, and the next call needs it. */
const notSecret = /^leaseToken$/i;
const secretName =
  /(?:token|password|passwd|passphrase|secret|kubeconfig|credentials?|(?:access|api|encryption|private|secret|signing)_?key)$|^(?:value|jwt|auth|authorization|key)$/i;
/** Fields that are maps of secrets to be: the variables of an app's environment. */
const secretMap = /^(?:env|environment|env_?vars)$/i;
/** Nothing of the daemon's is nested as deep. */
const MAX_DEPTH = 50;

/**
 * Hides what is a secret by the name of its field (`kubeconfig`, `value`), and tokens, private keys and
 * passwords in URLs in all texts.
 */
export function hideSecrets(json: unknown): HiddenSecrets {
  const fields = new Set<string>();
  const hidden = (name: string): string => {
    fields.add(name);
    return HIDDEN;
  };
  const read = (value: unknown, name: string, isSecret: boolean, depth: number): unknown => {
    if (depth > MAX_DEPTH) return "[too deep]";
    if (Array.isArray(value)) return value.map((each) => read(each, name, isSecret, depth + 1));
    if (typeof value === "object" && value !== null) {
      const isMap = isSecret || secretMap.test(name);
      return Object.fromEntries(
        Object.entries(value).map(([key, each]) => [
          key,
          read(each, key, isMap || isSecretName(key, each), depth + 1),
        ]),
      );
    }
    if (isSecret && isScalar(value)) return hidden(name);
    if (typeof value !== "string") return value;
    const text = withoutSecrets(value);
    if (text !== value) fields.add(name);
    return text;
  };
  return { json: read(json, "answer", false, 0), fields: [...fields] };
}

/** `secret: {name, version}` tells of a secret; what is one, is a text or a number, or a list of them. */
function isSecretName(name: string, value: unknown): boolean {
  const isLeaf = typeof value !== "object" || Array.isArray(value);
  return isLeaf && secretName.test(name) && !notSecret.test(name);
}

function isScalar(value: unknown): boolean {
  return (typeof value === "string" && value !== "") || typeof value === "number";
}
