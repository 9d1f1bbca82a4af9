/** The KMS: whose key the secrets are kept under. @module */

import { requireScope } from "./auth.ts";
import type { Caller } from "./jwt.ts";
import { flag, integer } from "./protojson.ts";
import { GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import { demandSecretStore } from "./secrets.ts";

/** The KMS. */
export const kmsRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/kms/status", handle: showStatus },
  { method: "GET", pattern: "/v1/kms/envelope-coverage", handle: showCoverage },
  { method: "POST", pattern: "/v1/kms/migrate-to-envelope", handle: migrate },
].map((route) => ({ ...route, since: "0.67.0" }));

const migrateFields = { dryRun: flag, batchSize: integer("int64"), maxRows: integer("int64") };

function requireKmsAdmin(caller: Caller): void {
  if (!caller.admin) {
    throw new GrpcError("PermissionDenied", "admin role required for KMS administration");
  }
  requireScope(caller, "kms:admin");
}

function showStatus({ world, caller }: Call): unknown {
  requireKmsAdmin(caller);
  const { kms, appHosting } = world.services;
  const description = kms === "inproc"
    ? "inproc (master-key envelope, dev/test)"
    : "disabled (CONTAINARIUM_KMS_BACKEND=none)";
  return {
    backend: kms,
    // Without app hosting nobody looked.
    description: appHosting ? description : "",
    kmsConfigured: kms !== "none",
    requireEnvelope: false,
  };
}

function showCoverage({ world, caller }: Call): unknown {
  requireKmsAdmin(caller);
  const secrets = demandSecretStore(world).all();
  const envelope = secrets.filter(({ enveloped }) => enveloped).length;
  return {
    total: String(secrets.length),
    legacy: String(secrets.length - envelope),
    envelope: String(envelope),
  };
}

async function migrate({ world, caller, body }: Call): Promise<unknown> {
  const { dryRun, maxRows } = body(migrateFields);
  requireKmsAdmin(caller);
  const store = demandSecretStore(world);
  if (world.services.kms === "none") {
    throw new GrpcError(
      "FailedPrecondition",
      "no KMS backend configured; set CONTAINARIUM_KMS_BACKEND before migrating",
    );
  }
  const legacy = store.all().filter(({ enveloped }) => !enveloped);
  const limit = maxRows > 0 ? maxRows : Infinity;
  if (!dryRun) legacy.slice(0, limit).forEach((secret) => store.envelop(secret));
  const rows = dryRun && legacy.length > 0 ? limit : Math.min(limit, legacy.length);
  // A dry run counts the same rows again and again, until it has its number of them.
  if (rows === Infinity) await world.pace.orClosed(Promise.withResolvers<never>().promise);
  const count = String(rows);
  return { scanned: count, migrated: count, alreadyDone: "0", failed: "0", dryRun, errors: [] };
}
