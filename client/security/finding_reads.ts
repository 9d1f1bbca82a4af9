/**
 * Reads what scanners found, of one container or of all, with what is missing among it.
 *
 * @module
 */
import type { CallOptions } from "../async/call_options.ts";
import { together } from "../async/together.ts";
import type { Containers } from "../containers/containers.ts";
import { containerName } from "../containers/username.ts";
import { ContainariumError } from "../errors.ts";
import type { Routes } from "../routes/mod.ts";
import {
  confirmed,
  containerIn,
  type Coverage,
  domainIn,
  lastScan,
  type Missing,
} from "./coverage.ts";
import { type Finding, malwareIn, type Scanner } from "./finding.ts";
import type { SecurityApi } from "./security_api.ts";

/** Where the facts come from. */
export interface FindingSources {
  /** The daemon's endpoints. */
  readonly api: SecurityApi;
  /** The container. */
  readonly containers: Containers;
  /** Its domains. */
  readonly routes: Routes;
}

/** Whose findings to read. */
export interface Reader {
  /** Owner of the container. Absent: of all, which needs the admin role. */
  readonly username: string | undefined;
  /** Whether the token has the admin role, as far as is known. */
  readonly isAdmin: boolean;
}

/** What a scanner found. */
export interface FoundBy {
  /** The findings. */
  readonly findings: readonly Finding[];
  /** What they are worth. */
  readonly coverage: Coverage;
}

/** Reads what a scanner found. */
export async function readFindings(
  scanner: Scanner,
  reader: Reader,
  sources: FindingSources,
  call: CallOptions,
): Promise<FoundBy> {
  switch (scanner) {
    case "clamav":
      return reader.username === undefined
        ? await allMalware(sources, call)
        : await malwareOf(containerName(reader.username), reader, sources, call);
    case "pentest":
      return await pentestFindings(reader, sources, call);
    case "zap":
      return await zapFindings(reader, sources, call);
  }
}

const nothing = { lastScannedAt: undefined, lastError: undefined, neverScanned: [], missing: [] };

async function malwareOf(
  name: string,
  { isAdmin }: Reader,
  { api }: FindingSources,
  call: CallOptions,
): Promise<FoundBy> {
  const [[report], jobs] = await together([
    api.reports(name, call),
    // A scan that failed leaves no report, and only admins see its job.
    isAdmin ? api.jobs(call) : Promise.resolve([]),
  ]);
  const job = jobs.find((job) => job.containerName === name);
  return {
    findings: report === undefined ? [] : malwareIn(report),
    coverage: {
      ...nothing,
      scanner: "clamav",
      lastScannedAt: report?.scannedAt,
      lastError: job?.state === "failed" ? job.error ?? "unknown" : undefined,
    },
  };
}

async function allMalware({ api }: FindingSources, call: CallOptions): Promise<FoundBy> {
  const all = await api.malware(call);
  const infected = all.filter(({ isInfected }) => isInfected);
  const reports = await together(infected.map((each) => api.reports(each.containerName, call)));
  const times = all.flatMap(({ lastScannedAt }) => lastScannedAt ?? []);
  return {
    findings: reports.flatMap(([report]) => report === undefined ? [] : malwareIn(report)),
    coverage: {
      ...nothing,
      scanner: "clamav",
      lastScannedAt: times.toSorted((one, other) => other.getTime() - one.getTime())[0],
      neverScanned: all.filter(({ lastScannedAt }) => lastScannedAt === undefined)
        .map(({ containerName }) => containerName),
    },
  };
}

async function pentestFindings(
  { username, isAdmin }: Reader,
  sources: FindingSources,
  call: CallOptions,
): Promise<FoundBy> {
  const { api } = sources;
  const name = username === undefined ? undefined : containerName(username);
  // For a container, the daemon leaves out its ports and domains.
  const scope = isAdmin ? undefined : name;
  const [installed, all, runs, of] = await together([
    api.installed(call),
    api.pentestFindings(scope, call),
    api.runs("pentest", scope, call),
    isAdmin ? ownedBy(username, sources, call) : { isOwned: () => true, missing: [] },
  ]);
  const missing: readonly Missing[] = [
    ...(installed.hasNuclei ? [] : ["no_nuclei"] as const),
    ...(installed.hasTrivy ? [] : ["no_trivy"] as const),
    ...(isAdmin ? [] : ["packages_only"] as const),
    ...of.missing,
  ];
  return {
    findings: all.filter(of.isOwned).map((finding) => confirmed(finding, runs)),
    coverage: {
      ...nothing,
      scanner: "pentest",
      lastScannedAt: lastScan(runs, name)?.completedAt,
      missing,
    },
  };
}

async function zapFindings(
  { username, isAdmin }: Reader,
  sources: FindingSources,
  call: CallOptions,
): Promise<FoundBy> {
  const scanner = "zap";
  const { api } = sources;
  if (!isAdmin) {
    return { findings: [], coverage: { ...nothing, scanner, missing: ["admin_only"] } };
  }
  const [{ hasZap }, all, runs, of] = await together([
    api.installed(call),
    api.zapAlerts(call),
    api.runs(scanner, undefined, call),
    ownedBy(username, sources, call),
  ]);
  const name = username === undefined ? undefined : containerName(username);
  return {
    findings: all.filter(of.isOwned).map((finding) => confirmed(finding, runs)),
    coverage: {
      ...nothing,
      scanner,
      // Without ZAP a scan completes all the same, and has looked at nothing.
      lastScannedAt: hasZap ? lastScan(runs, name)?.completedAt : undefined,
      missing: [...(hasZap ? [] : ["not_installed"] as const), ...of.missing],
    },
  };
}

/** Which findings are of a container: by its name, and by its domains. */
interface Ownership {
  readonly isOwned: (finding: Finding) => boolean;
  readonly missing: readonly Missing[];
}

async function ownedBy(
  username: string | undefined,
  { containers, routes }: FindingSources,
  call: CallOptions,
): Promise<Ownership> {
  if (username === undefined) return { isOwned: () => true, missing: [] };
  const name = containerName(username);
  const [container, all] = await together([
    containers.find(username, call),
    domainsOrNone(routes, call),
  ]);
  const ipAddress = container?.ipAddress;
  const domains = new Set(
    all?.filter((route) =>
      route.containerName === name || (ipAddress !== undefined && route.ipAddress === ipAddress)
    ).map(({ domain }) => domain.toLowerCase()),
  );
  return {
    isOwned: ({ target }) =>
      containerIn(target) === name || domains.has(domainIn(target)?.toLowerCase() ?? ""),
    missing: all === undefined ? ["domains_unread"] : [],
  };
}

/** A token may lack the scope for routes, and a daemon the proxy. */
async function domainsOrNone(routes: Routes, call: CallOptions) {
  try {
    return await routes.list(call);
  } catch (error) {
    const isUnreadable = error instanceof ContainariumError &&
      (error.code === "permission_denied" || error.code === "unsupported");
    if (isUnreadable) return undefined;
    throw error;
  }
}
