/** What a host says of itself to others: spare capacity, capabilities, the digest of its program. @module */

import { requireAdmin } from "./auth.ts";
import { isoSeconds } from "./container.ts";
import { decimal, flag, integer, message, text, texts } from "./protojson.ts";
import { queryFlag } from "./parameters.ts";
import { GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import { fingerprintOf } from "./scan_work.ts";
import { notFoundText } from "./store.ts";
import type { World } from "./world.ts";

/** Capacity. */
export const capacityRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/capacity/headroom", handle: getHeadroom },
  { method: "POST", pattern: "/v1/capacity/headroom", handle: advertise },
  { method: "DELETE", pattern: "/v1/capacity/headroom", handle: withdraw },
  { method: "GET", pattern: "/v1/capabilities/profile", handle: getProfile },
  { method: "POST", pattern: "/v1/capabilities/profile", handle: measureProfile },
  { method: "GET", pattern: "/v1/integrity/self-measurement", handle: measureSelf },
  { method: "POST", pattern: "/v1/validate-gpu", handle: validateGpu },
  { method: "GET", pattern: "/v1/upgrades/{upgradeId}", handle: getUpgrade },
].map((route) => ({ ...route, since: "0.67.0" }));

const policyFields = {
  windowStartHour: integer("int32"),
  windowEndHour: integer("int32"),
  excludedWorkloadClasses: texts,
  reserveFraction: decimal,
};
const noPolicy = {
  windowStartHour: 0,
  windowEndHour: 0,
  excludedWorkloadClasses: [],
  reserveFraction: 0,
};

/** What was advertised and measured, as it is written. */
export class Capacity {
  /** What the host can spare; null before it was first asked to say. */
  headroom: Readonly<Record<string, unknown>> | null = null;
  /** What it can do; null before it was first measured. */
  profile: Readonly<Record<string, unknown>> | null = null;
}

function withheld(policy: unknown): Readonly<Record<string, unknown>> {
  return {
    ...{ advertised: false, spareCpus: 0, spareMemoryBytes: "0", spareDiskBytes: "0" },
    ...{ idleFraction: 0, advertisedAt: "", policy },
  };
}

function getHeadroom({ world, caller }: Call): unknown {
  requireAdmin(caller);
  return { headroom: world.area(Capacity).headroom ?? withheld(noPolicy) };
}

function advertise({ world, caller, body }: Call): unknown {
  const { policy = noPolicy } = body({ policy: message(policyFields) });
  requireAdmin(caller);
  const { windowStartHour: start, windowEndHour: end, reserveFraction } = policy;
  if (reserveFraction < 0 || reserveFraction >= 1) {
    throw invalid(`reserve_fraction must be in [0,1), got ${reserveFraction}`);
  }
  if ([start, end].some((hour) => hour < 0 || hour > 23)) {
    throw invalid(`window hours must be in [0,23], got start=${start} end=${end}`);
  }
  const spare = (bytes: number) => String(Math.floor(bytes * (1 - reserveFraction)));
  const headroom = {
    advertised: true,
    spareCpus: 0,
    spareMemoryBytes: spare(world.memoryBytes),
    spareDiskBytes: spare(world.diskBytes),
    idleFraction: 0,
    advertisedAt: isoSeconds(Date.now()),
    policy,
  };
  world.area(Capacity).headroom = headroom;
  return { headroom };
}

function withdraw({ world, caller, query }: Call): unknown {
  const drain = queryFlag(query, "drain");
  requireAdmin(caller);
  const capacity = world.area(Capacity);
  capacity.headroom = withheld(capacity.headroom?.["policy"] ?? noPolicy);
  const failed = drain ? world.store.all().filter(isIdle).map(({ username }) => username) : [];
  return {
    headroom: capacity.headroom,
    ...{ drained: [], forceStopped: [], drainWindowExceeded: false },
    // It takes the container's name for a username, and so never stops one.
    failed: Object.fromEntries(failed.map((username) => {
      const reason = notFoundText(`${username}-container`);
      return [
        `${username}-container`,
        `failed to stop container: failed to stop container: ${reason}`,
      ];
    })),
  };

  function isIdle({ state, createdAtSeconds, idleThresholdMinutes }: IdleFacts): boolean {
    return state === "CONTAINER_STATE_RUNNING" &&
      createdAtSeconds + idleThresholdMinutes * 60 < Date.now() / 1000;
  }
}

interface IdleFacts {
  readonly state: string;
  readonly createdAtSeconds: number;
  readonly idleThresholdMinutes: number;
}

function getProfile({ world, caller, query }: Call): unknown {
  requireAdmin(caller);
  demandBackend(query.get("backendId") ?? "", world);
  return { profile: world.area(Capacity).profile, backendId: "" };
}

function measureProfile({ world, caller, body }: Call): unknown {
  const { backendId } = body({ backendId: text, skipGpu: flag });
  requireAdmin(caller);
  demandBackend(backendId, world);
  const [gpuModel = ""] = world.gpuModels;
  const profile = {
    cpuCores: world.cpus,
    cpuModel: "AMD EPYC",
    totalMemoryBytes: String(world.memoryBytes),
    totalDiskBytes: String(world.diskBytes),
    gpuModel,
    gpuDriverVersion: gpuModel === "" ? "" : "550.54",
    gpuAvailable: gpuModel !== "",
    ...{ region: "", reportedClass: "", measuredClass: "cpu-small", classConsistent: true },
    benchmark: {
      cpuOpsPerSec: "723257901",
      memBytesPerSec: "11383498926",
      durationMs: "303",
    },
    profiledAt: isoSeconds(Date.now()),
  };
  world.area(Capacity).profile = profile;
  return { profile, backendId: "" };
}

function measureSelf({ world, caller, query }: Call): unknown {
  requireAdmin(caller);
  demandBackend(query.get("backendId") ?? "", world);
  return {
    measurement: {
      hashAlgorithm: "sha256",
      binaryDigest: fingerprintOf("the daemon's program"),
      programDigests: [],
      configDigest: fingerprintOf("the daemon's configuration"),
      measurementDigest: fingerprintOf("both"),
      ...{ signature: "", signatureAlgorithm: "", tpmBacked: false, signed: false },
      signingCertPem: "",
      measuredAt: new Date().toISOString(),
      daemonVersion: world.version,
    },
    backendId: "",
  };
}

function validateGpu({ world, caller, body }: Call): unknown {
  const { backendId } = body({ backendId: text, pci: text });
  requireAdmin(caller);
  demandBackend(backendId, world);
  const [gpuModel = ""] = world.gpuModels;
  // A GPU that works was not recorded.
  return gpuModel === ""
    ? {
      status: "GPU_STATUS_UNAVAILABLE",
      ...{ gpuModel, driverVersion: "" },
      detail:
        'create throwaway LXC: failed to create container (operation failed): Failed getting remote image info: Failed getting image: Failed parsing stream: Get "https://images.linuxcontainers.org/streams/v1/index.json": lookup images.linuxcontainers.org on 10.255.255.53:53: dial udp 10.255.255.53:53: connect: network is unreachable',
      backendId: "",
    }
    : {
      status: "GPU_STATUS_OK",
      ...{ gpuModel, driverVersion: "550.54", detail: "", backendId: "" },
    };
}

/** No daemon was ever seen to upgrade itself. */
function getUpgrade({ world, caller }: Call): unknown {
  requireAdmin(caller);
  return { status: "unknown", currentVersion: world.version, error: "", completedAt: "" };
}

function demandBackend(id: string, { cluster }: World): void {
  if (id === "" || id === cluster?.backendId || cluster?.peers.some((peer) => peer.id === id)) {
    return;
  }
  throw new GrpcError(
    "NotFound",
    `backend "${id}" not found (see 'containarium backends list')`,
  );
}

function invalid(problem: string): GrpcError {
  return new GrpcError("InvalidArgument", problem);
}
