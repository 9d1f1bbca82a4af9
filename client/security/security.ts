import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { MAX_HELD_MS, PendingWork } from "../async/pending_work.ts";
import { together } from "../async/together.ts";
import type { TokenClaims } from "../auth/token_claims.ts";
import type { Containers } from "../containers/containers.ts";
import { containerName } from "../containers/username.ts";
import { ContainariumError } from "../errors.ts";
import type { Routes } from "../routes/mod.ts";
import type { Http } from "../transport/http.ts";
import { afterWrite } from "../transport/after_write.ts";
import { ApiPath } from "../transport/api_path.ts";
import { readFlag, readText } from "../wire.ts";
import { type AgreedFinding, refuseOtherFinding } from "./agreed_finding.ts";
import { containerIn, type Coverage } from "./coverage.ts";
import { type Finding, type Scanner, scanners, worstFirst } from "./finding.ts";
import { readFindings } from "./finding_reads.ts";
import { type ScanOutcome, Scans } from "./scans.ts";
import { type InstalledScanners, SecurityApi } from "./security_api.ts";

/** Which findings to list. */
export interface ListFindingsOptions extends CallOptions {
  /**
   * Only those of this user's container.
   *
   * @default All, for which the token needs the admin role
   */
  readonly username?: string | undefined;
  /**
   * Only those of these scanners.
   *
   * @default All scanners
   */
  readonly scanners?: readonly Scanner[] | undefined;
}

/** What scanners found. */
export interface FindingList {
  /** The findings, of any status; the worst first. */
  readonly findings: readonly Finding[];
  /** What the list is worth, for each scanner. */
  readonly coverage: readonly Coverage[];
}

/** How to scan. */
export interface ScanOptions extends CallOptions {
  /**
   * Milliseconds to wait for the end. The scan continues after that, and the same call again joins it.
   *
   * @default {600_000}
   */
  readonly waitMs?: number | undefined;
}

/** How to resolve a finding. */
export interface ResolveFindingOptions extends CallOptions {
  /**
   * Resolves only this one; refuses if it, or its container, is another now.
   *
   * @default The current state
   */
  readonly agreed?: AgreedFinding | undefined;
}

/** How to suppress a finding. */
export interface SuppressFindingOptions extends ResolveFindingOptions {
  /**
   * Why it is accepted, for whoever reads the list.
   *
   * @default None
   */
  readonly reason?: string | undefined;
}

/** Result of a fix. */
export interface FixFindingResult {
  /** The package that was upgraded. */
  readonly packageName: string;
  /** Its version before. */
  readonly oldVersion: string;
  /** Its version now; equal to the old one if it was upgraded before. */
  readonly newVersion: string;
}

/** What can be installed. ClamAV comes with the host's security container. */
export type InstallableScanner = "nuclei" | "trivy" | "zap";

/** Every {@linkcode InstallableScanner}. */
export const installableScanners: readonly InstallableScanner[] = ["nuclei", "trivy", "zap"];

/**
 * Scans of containers and what they found; `/v1/security`, `/v1/pentest`, `/v1/zap`. Throws `unsupported`
 * at a daemon that is too old or has no database.
 */
export class Security implements Disposable {
  readonly #http: Http;
  readonly #containers: Containers;
  readonly #routes: Routes;
  readonly #api: SecurityApi;
  readonly #scans: Scans;
  readonly #claims: () => Promise<TokenClaims | undefined>;
  readonly #installations = new PendingWork<void>();

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   * @param containers Reads the containers to scan
   * @param routes Reads their domains
   * @param claims Returns what is known of the token
   */
  constructor(
    http: Http,
    containers: Containers,
    routes: Routes,
    claims: () => Promise<TokenClaims | undefined>,
  ) {
    this.#http = http;
    this.#containers = containers;
    this.#routes = routes;
    this.#api = new SecurityApi(http);
    this.#scans = new Scans(http, this.#api);
    this.#claims = claims;
  }

  /**
   * Reads which scanners the host has; `GET /v1/pentest/config`, `GET /v1/zap/config`.
   *
   * @throws {ContainariumError} `unsupported`
   *
   * @example See whether packages are checked
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ coreServices: ["security"] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * assertEquals((await client.security.installed()).hasTrivy, true);
   * ```
   */
  async installed(options: CallOptions = {}): Promise<InstalledScanners> {
    using call = new CallDeadline(options);
    return await this.#api.installed(call);
  }

  /**
   * Lists what scanners found in a container, or in all, and what that is worth. For admins, also the
   * findings at the container's domains, which the daemon itself leaves out.
   *
   * @throws {ContainariumError} `permission_denied` without the admin role, except for one's own container
   *
   * @example Is it clean, or was it never scanned?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const options = { username: "alice", scanners: ["clamav"] } as const;
   * const { findings, coverage: [clamav] } = await client.security.findings(options);
   * assertEquals([findings.length, clamav?.lastScannedAt], [0, undefined]);
   * ```
   */
  async findings(options: ListFindingsOptions = {}): Promise<FindingList> {
    using call = new CallDeadline(options);
    const { username } = options;
    const sources = { api: this.#api, containers: this.#containers, routes: this.#routes };
    const read = await this.#inRole((isAdmin) =>
      together(
        (options.scanners ?? scanners).map((scanner) =>
          readFindings(scanner, { username, isAdmin }, sources, call)
        ),
      )
    );
    return {
      findings: worstFirst(read.flatMap(({ findings }) => findings)),
      coverage: read.map(({ coverage }) => coverage),
    };
  }

  /**
   * Scans a container and waits; `POST /v1/security/clamav-scan`, `/v1/pentest/scan`, `/v1/zap/scan`. Joins
   * a scan of it that is in progress. A scan by `pentest` also marks what it does not meet as resolved, in
   * every container: {@linkcode FindingStatus} tells the two apart.
   *
   * @throws {ContainariumError} `not_found` when there is no container, which the daemon does not check;
   * `failed_precondition` (`scanner_not_installed`) without ZAP, where the daemon reports a scan that has
   * looked at nothing; `permission_denied` for ZAP without the admin role
   *
   * @example Look for malware
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * const containers = [{ username: "alice", malware: ["root/x: Win.Test.EICAR_HDB-1"] }];
   * await using daemon = await startDaemon({ containers, coreServices: ["security"] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { state, counts } = await client.security.scan("alice", "clamav");
   * assertEquals([state, counts.critical], ["completed", 1]);
   * ```
   */
  async scan(username: string, scanner: Scanner, options: ScanOptions = {}): Promise<ScanOutcome> {
    using call = new CallDeadline(options);
    await this.#containers.get(username, call);
    if (scanner === "zap" && !(await this.#api.installed(call)).hasZap) {
      throw notInstalled("ZAP is not installed on the host");
    }
    const { waitMs = 600_000 } = options;
    const { signal } = call;
    return await this.#inRole((isAdmin) =>
      this.#scans.run(scanner, containerName(username), { signal, waitMs, isAdmin })
    );
  }

  /**
   * Gets a finding by its number, and the container that it names, to ask the user about a change. Without
   * the admin role, only those in the packages of one's own container.
   *
   * @returns Without the finding or the container that does not exist
   *
   * @example Read one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon();
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * assertEquals(await client.security.look("pentest", "7"), {});
   * ```
   */
  async look(
    scanner: "pentest" | "zap",
    id: string,
    options: CallOptions = {},
  ): Promise<AgreedFinding> {
    using call = new CallDeadline(options);
    const finding = await this.#find(scanner, id, call);
    const name = finding === undefined ? undefined : containerIn(finding.target);
    if (name === undefined) return finding === undefined ? {} : { finding };
    const username = name.replace(/-container$/, "");
    return { finding, container: await this.#containers.find(username, call) };
  }

  /**
   * Upgrades the package that a finding is about, in its container;
   * `POST /v1/pentest/findings/{id}/remediate`. The finding stays open until the next scan.
   *
   * @throws {ContainariumError} `not_found` (`finding_missing`); `failed_precondition`
   * (`finding_unresolvable`) for other findings than those in packages, (`remediation_failed`) if the daemon
   * could not, or if it is not the one agreed to
   *
   * @example Fix the first that can be
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * const finding = {
   *   username: "alice",
   *   category: "trivy",
   *   severity: "high",
   *   title: "curl: overflow",
   *   target: "alice-container (usr/bin/curl)",
   *   evidence: "Package: curl, Installed: 1.0, Fixed: 1.1",
   * } as const;
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }], findings: [finding] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * await client.security.scan("alice", "pentest");
   * const { findings: [first] } = await client.security.findings({ username: "alice" });
   * const { newVersion } = await client.security.fix(first?.id ?? "");
   * assertEquals(newVersion, "1.1");
   * ```
   */
  async fix(id: string, options: ResolveFindingOptions = {}): Promise<FixFindingResult> {
    using call = new CallDeadline(options);
    const now = await this.look("pentest", id, call);
    const finding = requireFinding(now, id);
    if (options.agreed !== undefined) refuseOtherFinding(now, options.agreed, "The fix");
    if (!finding.isFixable) {
      throw new ContainariumError(
        "failed_precondition",
        `The daemon cannot fix a finding of ${finding.category || "this kind"}`,
        { reason: "finding_unresolvable" },
      );
    }
    const path = new ApiPath("pentest", "findings", id, "remediate");
    // The package manager of the container downloads what it installs.
    const timeoutMs = MAX_HELD_MS;
    const answer = await this.#http.request("POST", path, { ...call, body: {}, timeoutMs });
    if (!readFlag(answer.success)) {
      throw new ContainariumError(
        "failed_precondition",
        `The daemon could not fix it: ${readText(answer.message) ?? "it does not say why"}`,
        { reason: "remediation_failed" },
      );
    }
    return {
      packageName: readText(answer.packageName) ?? "",
      oldVersion: readText(answer.oldVersion) ?? "",
      newVersion: readText(answer.newVersion) ?? "",
    };
  }

  /**
   * Accepts a finding, so that it no longer counts as open, and reads back that it does not;
   * `POST /v1/pentest/findings/{id}/suppress`, `POST /v1/zap/alerts/{id}/suppress`. The API has no way back.
   *
   * @throws {ContainariumError} `not_found` (`finding_missing`); `permission_denied` without the admin role;
   * `failed_precondition` if it is not the one agreed to
   *
   * @example Accept an open port
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * const finding = {
   *   username: "alice",
   *   category: "ports",
   *   severity: "medium",
   *   title: "Undeclared open port: 22 (SSH)",
   *   target: "10.77.0.9:22 (alice-container)",
   * } as const;
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }], findings: [finding] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * await client.security.scan("alice", "pentest");
   * const { findings: [port] } = await client.security.findings({ username: "alice" });
   * const { status } = await client.security.suppress("pentest", port?.id ?? "", { reason: "SSH is wanted" });
   * assertEquals(status, "suppressed");
   * ```
   */
  async suppress(
    scanner: "pentest" | "zap",
    id: string,
    options: SuppressFindingOptions = {},
  ): Promise<Finding> {
    using call = new CallDeadline(options);
    const now = await this.look(scanner, id, call);
    requireFinding(now, id);
    if (options.agreed !== undefined) refuseOtherFinding(now, options.agreed, "The suppression");
    const list = scanner === "pentest" ? "findings" : "alerts";
    const path = new ApiPath(scanner, list, id, "suppress");
    const body = { reason: options.reason ?? "" };
    await this.#http.request("POST", path, { ...call, body });
    const what = `The suppression of the finding ${id}`;
    const after = await afterWrite(what, () => this.#find(scanner, id, call));
    if (after?.status === "suppressed") return after;
    throw new ContainariumError(
      "internal",
      "The daemon reports the finding as suppressed, but lists it as before",
    );
  }

  /**
   * Installs a scanner in the host's security container, and reads back that it is there;
   * `POST /v1/pentest/tools/install`, `POST /v1/zap/install`. The same call again joins the pending one.
   *
   * @returns Whether it is installed; false if the wait ended first
   * @throws {ContainariumError} `permission_denied` without the admin role; `failed_precondition`
   * (`scanner_not_installed`) if the daemon could not
   *
   * @example Install trivy, which checks packages
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ coreServices: ["security"] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * assertEquals(await client.security.install("trivy"), true);
   * ```
   */
  async install(scanner: InstallableScanner, options: ScanOptions = {}): Promise<boolean> {
    using call = new CallDeadline(options);
    const name = { key: scanner, title: `The installation of ${scanner}` };
    const work = this.#installations.begin(scanner, name, (held) => this.#install(scanner, held));
    const { waitMs = 600_000 } = options;
    return await this.#installations.wait(scanner, work, waitMs, call.signal) !== undefined;
  }

  async #install(scanner: InstallableScanner, signal: AbortSignal): Promise<void> {
    const path = scanner === "zap"
      ? new ApiPath("zap", "install")
      : new ApiPath("pentest", "tools", "install");
    const body = scanner === "zap" ? {} : { toolName: scanner };
    const timeoutMs = MAX_HELD_MS;
    const answer = await this.#http.request("POST", path, { signal, body, timeoutMs });
    if (!readFlag(answer.success)) {
      throw notInstalled(
        `The daemon could not install it: ${readText(answer.message) ?? "it does not say why"}`,
      );
    }
    const { hasNuclei, hasTrivy, hasZap } = await afterWrite(
      `The installation of ${scanner}`,
      () => this.#api.installed({ signal }),
    );
    if ({ nuclei: hasNuclei, trivy: hasTrivy, zap: hasZap }[scanner]) return;
    throw notInstalled(`The daemon reports ${scanner} as installed, but cannot use it`);
  }

  /** Without a JWT nothing is known of the role until the daemon says that it is needed: before any write. */
  async #inRole<T>(act: (isAdmin: boolean) => Promise<T>): Promise<T> {
    const claims = await this.#claims();
    if (claims !== undefined) return await act(claims.roles.includes("admin"));
    try {
      return await act(true);
    } catch (error) {
      const isUser = error instanceof ContainariumError && error.reason === "admin_required";
      if (!isUser) throw error;
      return await act(false);
    }
  }

  async #find(
    scanner: "pentest" | "zap",
    id: string,
    call: CallOptions,
  ): Promise<Finding | undefined> {
    const claims = await this.#claims();
    const isUser = claims !== undefined && !claims.roles.includes("admin");
    const own = isUser && claims.username !== undefined
      ? containerName(claims.username)
      : undefined;
    const all = scanner === "zap"
      ? await this.#api.zapAlerts(call)
      : await this.#api.pentestFindings(own, call);
    return all.find((finding) => finding.id === id);
  }

  /** Drops the pending requests. */
  [Symbol.dispose](): void {
    this.#installations[Symbol.dispose]();
  }
}

function requireFinding({ finding }: AgreedFinding, id: string): Finding {
  if (finding !== undefined) return finding;
  throw new ContainariumError("not_found", `There is no finding ${id} that this token may see`, {
    reason: "finding_missing",
  });
}

function notInstalled(message: string): ContainariumError {
  return new ContainariumError("failed_precondition", message, {
    reason: "scanner_not_installed",
  });
}
