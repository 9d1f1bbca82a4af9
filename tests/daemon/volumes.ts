/** Volumes that several containers share: this host has no storage for them. @module */

import { requireScope, requireTenant } from "./auth.ts";
import { flag, integer, text } from "./protojson.ts";
import { queryFlag } from "./parameters.ts";
import { type GrpcCode, GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";

/** Volumes. */
export const volumeRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/volumes", handle: list },
  { method: "POST", pattern: "/v1/volumes", handle: create },
  { method: "GET", pattern: "/v1/volumes/{name}", handle: get },
  { method: "DELETE", pattern: "/v1/volumes/{name}", handle: remove },
  { method: "POST", pattern: "/v1/volumes/{volume}/attach", handle: attach },
  { method: "POST", pattern: "/v1/volumes/{volume}/detach", handle: detach },
].map((route) => ({ ...route, since: "0.67.0" }));

const detail =
  "no CephFS storage pool on this backend; shared (multi-writer) volumes require an Incus cluster on Ceph";

function unsupported(code: GrpcCode = "FailedPrecondition"): GrpcError {
  return new GrpcError(code, detail);
}

function list({ caller }: Call): unknown {
  requireScope(caller, "volumes:read");
  return { volumes: [], sharedVolumesSupported: false, capabilityDetail: detail };
}

function create({ caller, body }: Call): unknown {
  const { name } = body({ name: text, sizeBytes: integer("int64"), pool: text });
  requireScope(caller, "volumes:write");
  throw name === ""
    ? new GrpcError("FailedPrecondition", "volume name is required")
    : unsupported();
}

function get({ caller }: Call): unknown {
  requireScope(caller, "volumes:read");
  throw unsupported("NotFound");
}

function remove({ caller, query }: Call): unknown {
  queryFlag(query, "force");
  requireScope(caller, "volumes:write");
  throw unsupported();
}

function attach({ caller, body }: Call): unknown {
  const { container } = body({
    volume: text,
    pool: text,
    container: text,
    mountPath: text,
    readOnly: flag,
  });
  requireScope(caller, "volumes:write");
  // It is looked for as a username, which the full name is not.
  requireTenant(caller, container);
  throw unsupported();
}

function detach({ caller, param, body }: Call): unknown {
  const { container } = body({ volume: text, container: text });
  requireScope(caller, "volumes:write");
  requireTenant(caller, container);
  throw new GrpcError(
    "Internal",
    `detach volume: incus config device remove ${container} vol-${
      param("volume")
    }: exit status 1: Error: Device doesn't exist`,
  );
}
