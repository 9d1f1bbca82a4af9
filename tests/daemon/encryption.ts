/** What an encrypted disk would need: this daemon refuses it all. @module */

import { requireAdmin } from "./auth.ts";
import { text } from "./protojson.ts";
import { GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";

/** Encrypted disks. */
export const encryptionRoutes: readonly Route[] = [
  { method: "DELETE", pattern: "/v1/tenants/{tenant}/storage", handle: destroyStorage },
  { method: "POST", pattern: "/v1/containers/{username}/rewrap", handle: rewrap },
  {
    method: "POST",
    pattern: "/v1/containers/{username}/prepare-encrypted-migration",
    handle: prepareMigration,
  },
].map((route) => ({ ...route, since: "0.67.0" }));

function destroyStorage({ caller }: Call): unknown {
  requireAdmin(caller);
  throw new GrpcError(
    "FailedPrecondition",
    "encryption is not configured on this daemon, so there is no tenant storage to destroy",
  );
}

function rewrap({ body }: Call): unknown {
  const { newKeyRef } = body({ username: text, newKeyRef: text });
  throw newKeyRef === "" ? required("new_key_ref") : notRecorded("rewrap");
}

function prepareMigration({ body }: Call): unknown {
  const { keyRef } = body({ username: text, tenant: text, keyRef: text });
  throw keyRef === "" ? required("key_ref") : notRecorded("prepare-encrypted-migration");
}

function required(name: string): GrpcError {
  return new GrpcError("InvalidArgument", `${name} is required`);
}

function notRecorded(what: string): GrpcError {
  return new GrpcError("Unimplemented", `the simulator has no ${what} yet`);
}
