import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { notAgreed } from "../containers/agreed.ts";
import { ContainariumError } from "../errors.ts";
import { afterWrite } from "../transport/after_write.ts";
import { ApiPath } from "../transport/api_path.ts";
import type { Http } from "../transport/http.ts";
import {
  type JsonObject,
  readFlag,
  readList,
  readNumber,
  readText,
  readTime,
  readWord,
  unlessEmpty,
} from "../wire.ts";

/** A cloud that metrics can be sent to. Released daemons refuse `aws`. */
export type MetricsProvider = "gcp" | "aws";

/** Every {@linkcode MetricsProvider}. */
export const metricsProviders: readonly MetricsProvider[] = ["gcp", "aws"];

/** A group of metrics. */
export type MetricsGroup = "host" | "container" | "platform";

/** Every {@linkcode MetricsGroup}. */
export const metricsGroups: readonly MetricsGroup[] = ["host", "container", "platform"];

/** Settings of the export, and how it goes. */
export interface MetricsExportStatus {
  /** Whether metrics are sent. */
  readonly isEnabled: boolean;
  /** Where to. Absent: nowhere yet. */
  readonly provider: MetricsProvider | undefined;
  /** What is sent. */
  readonly groups: readonly MetricsGroup[];
  /** Seconds between two times. */
  readonly intervalSeconds: number;
  /** When it last worked. */
  readonly lastSuccessAt: Date | undefined;
  /** Why it last failed, in the daemon's words. */
  readonly lastError: string | undefined;
  /** Number of failures. */
  readonly failures: number;
}

/** Settings of the export to set. */
export interface MetricsExportSettings {
  /** Whether metrics are to be sent. */
  readonly isEnabled: boolean;
  /**
   * Where to.
   *
   * @default As before; `gcp` if nowhere
   */
  readonly provider?: MetricsProvider | undefined;
  /**
   * What to send.
   *
   * @default As before
   */
  readonly groups?: readonly MetricsGroup[] | undefined;
}

/** How to set the export. */
export interface SetExportOptions extends CallOptions {
  /**
   * Replaces only these settings; refuses if they have changed since.
   *
   * @default The current ones
   */
  readonly agreed?: MetricsExportStatus | undefined;
}

/** Result of setting the export. */
export interface SetExportResult {
  /** The settings, as the daemon reports them afterwards. */
  readonly settings: MetricsExportStatus;
  /** The settings before. */
  readonly before: MetricsExportStatus;
}

const wireProviders = { gcp: "CLOUD_METRICS_PROVIDER_GCP", aws: "CLOUD_METRICS_PROVIDER_AWS" };
const wireGroups = {
  host: "CLOUD_METRICS_GROUP_HOST",
  container: "CLOUD_METRICS_GROUP_CONTAINER",
  platform: "CLOUD_METRICS_GROUP_PLATFORM",
};

/** The export of the host's metrics to a cloud; `/v1/system/metrics-export`. Needs the admin role. */
export class MetricsExport {
  readonly #http: Http;

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   */
  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Returns the settings; `GET /v1/system/metrics-export`.
   *
   * @throws {ContainariumError} `permission_denied`; `unsupported`
   *
   * @example Are metrics sent?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon();
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { isEnabled } = await client.metricsExport.get();
   * assertEquals(isEnabled, false);
   * ```
   */
  async get(options: CallOptions = {}): Promise<MetricsExportStatus> {
    using call = new CallDeadline(options);
    return readStatus(await this.#http.request("GET", path(), call));
  }

  /**
   * Turns the export on or off, and reads back that the daemon did; `POST /v1/system/metrics-export`.
   *
   * @throws {ContainariumError} `failed_precondition` if the host has no credentials of the cloud, or the
   * settings are not those agreed to; `unsupported` (`provider_unsupported`); `permission_denied`;
   * `internal` (`not_applied`) if the daemon keeps something else
   *
   * @example Turn it off
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon();
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { settings } = await client.metricsExport.set({ isEnabled: false });
   * assertEquals(settings.isEnabled, false);
   * ```
   */
  async set(
    wanted: MetricsExportSettings,
    options: SetExportOptions = {},
  ): Promise<SetExportResult> {
    using call = new CallDeadline(options);
    const before = await this.get(call);
    if (options.agreed !== undefined && !isSameExport(before, options.agreed)) {
      throw notAgreed("The change of the export of metrics was not agreed to: it changed since");
    }
    if (!changesExport(before, wanted)) return { settings: before, before };
    const { isEnabled } = wanted;
    const provider = wanted.provider ?? before.provider ?? "gcp";
    const groups = wanted.groups ?? before.groups;
    const body = isEnabled
      ? {
        enabled: true,
        provider: wireProviders[provider],
        groups: unlessEmpty(groups.map((group) => wireGroups[group])),
      }
      : { enabled: false };
    await this.#http.request("POST", path(), { ...call, body });
    const settings = await afterWrite("The change of the export", () => this.get(call));
    const isKept = settings.isEnabled === isEnabled &&
      (!isEnabled || (settings.provider === provider && hasAll(settings.groups, groups)));
    if (isKept) return { settings, before };
    throw new ContainariumError(
      "internal",
      `The daemon accepted the change of the export of metrics and keeps ${
        settings.isEnabled ? `it on, to ${settings.provider}` : "it off"
      }`,
      { reason: "not_applied" },
    );
  }
}

/** Returns whether wanted settings are others than those that are in force. */
export function changesExport(now: MetricsExportStatus, wanted: MetricsExportSettings): boolean {
  if (now.isEnabled !== wanted.isEnabled) return true;
  if (!wanted.isEnabled) return false;
  const { provider = now.provider, groups = now.groups } = wanted;
  return provider === undefined || provider !== now.provider ||
    !hasAll(groups, now.groups) || !hasAll(now.groups, groups);
}

/** Returns whether two readings are of the same settings, whatever has been sent meanwhile. */
export function isSameExport(one: MetricsExportStatus, other: MetricsExportStatus): boolean {
  return one.isEnabled === other.isEnabled && one.provider === other.provider &&
    hasAll(one.groups, other.groups) && hasAll(other.groups, one.groups);
}

function hasAll(groups: readonly MetricsGroup[], wanted: readonly MetricsGroup[]): boolean {
  return wanted.every((group) => groups.includes(group));
}

function path(): ApiPath {
  return new ApiPath("system", "metrics-export");
}

const providerWords = wordsOf(wireProviders, metricsProviders);
const groupWords = wordsOf(wireGroups, metricsGroups);

function readStatus(answer: JsonObject): MetricsExportStatus {
  return {
    isEnabled: readFlag(answer.enabled),
    provider: readWord(answer.provider, providerWords),
    groups: readList(answer.groups, "groups")
      .map((group) => readWord(group, groupWords))
      .filter((group) => group !== undefined),
    intervalSeconds: readNumber(answer.intervalSeconds),
    lastSuccessAt: readTime(answer.lastSuccessAt),
    lastError: readText(answer.lastError),
    failures: readNumber(answer.exportFailures),
  };
}

/** Returns the word for each name on the wire. */
function wordsOf<Word extends string>(
  wire: Readonly<Record<Word, string>>,
  words: readonly Word[],
): Readonly<Record<string, Word>> {
  return Object.fromEntries(words.map((word) => [wire[word], word]));
}
