/** The signatures that traffic is looked at for. @module */

import { requireAdmin } from "./auth.ts";
import { invalid, requirePolicyReader } from "./network_policies.ts";
import { flag, integer, message, text } from "./protojson.ts";
import type { Call, Route } from "./route.ts";

/** Signatures. */
export const networkSignatureRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/network-policy-signatures", handle: list },
  { method: "POST", pattern: "/v1/network-policy-signatures", handle: set },
  { method: "DELETE", pattern: "/v1/network-policy-signatures/{name}", handle: remove },
].map((route) => ({ ...route, since: "0.67.0" }));

const signatureFields = {
  name: text,
  pattern: text,
  enabled: flag,
  id: integer("int32"),
  note: text,
};
const maxPatternBytes = 32;

/** One signature, as it is written. */
interface Signature {
  readonly name: string;
  readonly pattern: string;
  readonly enabled: boolean;
  readonly id: number;
  readonly note: string;
}

/** The signatures by name. */
class SignatureStore {
  /** By name. */
  readonly byName = new Map<string, Signature>();
  /** The id of the next one. */
  nextId = 1000;
}

function list(call: Call): unknown {
  requirePolicyReader(call);
  const signatures = [...call.world.area(SignatureStore).byName.values()];
  return { signatures: signatures.sort((a, b) => a.name < b.name ? -1 : 1) };
}

function set({ world, caller, body }: Call): unknown {
  const { signature: sent } = body({ signature: message(signatureFields) });
  requireAdmin(caller);
  if (sent === undefined) throw invalid("signature is nil");
  const { name, pattern } = sent;
  if (name === "") throw invalid("signature: name is required");
  if (/[\s/]/.test(name)) {
    throw invalid(`signature: name "${name}" must not contain whitespace or '/'`);
  }
  if (pattern === "") throw invalid(`signature "${name}": pattern is required`);
  const bytes = new TextEncoder().encode(pattern).length;
  if (bytes > maxPatternBytes) {
    throw invalid(`signature "${name}": pattern is ${bytes} bytes, max ${maxPatternBytes}`);
  }
  const store = world.area(SignatureStore);
  const signature: Signature = { ...sent, id: store.byName.get(name)?.id ?? store.nextId++ };
  store.byName.set(name, signature);
  return { signature };
}

function remove({ world, caller, param }: Call): unknown {
  requireAdmin(caller);
  world.area(SignatureStore).byName.delete(param("name"));
  return {};
}
