import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { notAgreed } from "../containers/agreed.ts";
import { ContainariumError } from "../errors.ts";
import { afterWrite } from "../transport/after_write.ts";
import { ApiPath } from "../transport/api_path.ts";
import type { Http } from "../transport/http.ts";
import { type JsonObject, readFlag, readListOf, readNumber, readText } from "../wire.ts";
import { type Alert, type AlertSeverity, isSameAlert, readAlert } from "./alert.ts";
import { alertDurationProblem, alertExprProblem, alertNameProblem } from "./alert_problems.ts";

/** What an alert is to be. What is absent stays as it is. */
export interface AlertSettings {
  /**
   * What is watched, in PromQL: `up == 0`.
   *
   * @default As before; a new alert needs one
   */
  readonly expr?: string | undefined;
  /**
   * How long that has to last: `5m`.
   *
   * @default As before; `5m` for a new one
   */
  readonly duration?: string | undefined;
  /**
   * How urgent it is.
   *
   * @default As before; `warning` for a new one
   */
  readonly severity?: AlertSeverity | undefined;
  /**
   * What the notification says.
   *
   * @default As before
   */
  readonly description?: string | undefined;
  /**
   * Whether it is evaluated.
   *
   * @default As before; true for a new one, which the daemon itself would leave off
   */
  readonly isEnabled?: boolean | undefined;
}

/** What the user saw when agreeing to change or delete an alert. */
export interface AgreedAlert {
  /** The alert then. Absent if there was none of that name. */
  readonly alert?: Alert | undefined;
}

/** How to set or delete an alert. */
export interface ChangeAlertOptions extends CallOptions {
  /**
   * Changes only this one; refuses if it says something else by now, or if there is one and was none.
   *
   * @default The current one
   */
  readonly agreed?: AgreedAlert | undefined;
}

/** Result of setting an alert. */
export interface SetAlertResult {
  /** The alert, as the daemon lists it afterwards. */
  readonly alert: Alert;
  /** The alert before. Absent: it is new. */
  readonly before: Alert | undefined;
}

/** Result of a deletion. */
export interface DeleteAlertResult {
  /** The alert that was deleted. Absent if there was none of that name. */
  readonly deleted: Alert | undefined;
}

/** Where alerts go. */
export interface AlertDelivery {
  /** Whether alerts are evaluated at all. */
  readonly isOn: boolean;
  /** The evaluator's state, in the daemon's words: `healthy`. */
  readonly evaluator: string | undefined;
  /** Where notifications are posted, with the path masked. Absent: nowhere. */
  readonly webhook: string | undefined;
  /** Number of alerts, with the daemon's own. */
  readonly total: number;
}

/** Most ids of alerts with one name in an error. */
const MAX_SHOWN_IDS = 10;

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Alerts on metrics; `/v1/alerts`. Needs the admin role, and a daemon that stores metrics: others throw
 * `failed_precondition` (`alerting_off`).
 *
 * The daemon accepts a wrong expression or duration and a second alert of a name: this class does not.
 */
export class Alerts {
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
   * Lists the alerts that admins added, the newest first; `GET /v1/alerts`.
   *
   * @throws {ContainariumError} `permission_denied`; `unsupported`
   *
   * @example List them
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ coreServices: ["victoriametrics"] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * assertEquals(await client.alerts.list(), []);
   * ```
   */
  async list(options: CallOptions = {}): Promise<readonly Alert[]> {
    using call = new CallDeadline(options);
    const answer = await this.#http.request("GET", new ApiPath("alerts"), call);
    return readListOf(answer, "rules").map((rule) => readAlert(rule));
  }

  /**
   * Lists the alerts that come with the daemon; `GET /v1/alerts/defaults`. Any token may.
   *
   * @throws {ContainariumError} `unsupported`
   *
   * @example List them
   * ```ts
   * import { assert } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon();
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * assert((await client.alerts.builtIn()).some(({ name }) => name === "HighMemoryUsage"));
   * ```
   */
  async builtIn(options: CallOptions = {}): Promise<readonly Alert[]> {
    using call = new CallDeadline(options);
    const answer = await this.#http.request("GET", new ApiPath("alerts", "defaults"), call);
    return readListOf(answer, "rules").map((rule) => readAlert(rule, true));
  }

  /**
   * Returns where alerts go; `GET /v1/system/alerting`. Any token may ask.
   *
   * @throws {ContainariumError} `unsupported`
   *
   * @example Would anybody be notified?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ coreServices: ["victoriametrics"] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { isOn, webhook } = await client.alerts.delivery();
   * assertEquals([isOn, webhook], [true, undefined]);
   * ```
   */
  async delivery(options: CallOptions = {}): Promise<AlertDelivery> {
    using call = new CallDeadline(options);
    const answer = await this.#http.request("GET", new ApiPath("system", "alerting"), call);
    return {
      isOn: readFlag(answer.enabled),
      evaluator: readText(answer.vmalertStatus),
      webhook: readText(answer.webhookUrl),
      total: readNumber(answer.totalRules),
    };
  }

  /**
   * Returns the alert of a name or an id that admins added; `undefined` if there is none.
   *
   * @throws {ContainariumError} `conflict` (`alert_ambiguous`) if several have the name;
   * `failed_precondition` (`alert_built_in`) for one of the daemon's own
   *
   * @example Look one up
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ coreServices: ["victoriametrics"] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * assertEquals(await client.alerts.find("HostDown"), undefined);
   * ```
   */
  async find(nameOrId: string, options: CallOptions = {}): Promise<Alert | undefined> {
    using call = new CallDeadline(options);
    const alerts = await this.list(call);
    const byId = uuid.test(nameOrId) ? alerts.find(({ id }) => id === nameOrId) : undefined;
    if (byId !== undefined) return byId;
    const [alert, ...others] = alerts.filter(({ name }) => name === nameOrId);
    if (others.length > 0) {
      const ids = [alert, ...others].slice(0, MAX_SHOWN_IDS).map((one) => one?.id).join(", ");
      throw new ContainariumError(
        "conflict",
        `Several alerts are called ${JSON.stringify(nameOrId)}: ${ids}`,
        { reason: "alert_ambiguous" },
      );
    }
    if (alert !== undefined) return alert;
    const isBuiltIn = (await this.builtIn(call))
      .some(({ id, name }) => id === nameOrId || name === nameOrId);
    if (!isBuiltIn) return undefined;
    throw new ContainariumError(
      "failed_precondition",
      `${nameOrId} is one of the daemon's own alerts, which cannot be changed`,
      { reason: "alert_built_in" },
    );
  }

  /**
   * Creates an alert, or changes the one of that name or id, and reads back that the daemon did;
   * `POST /v1/alerts`, `PUT /v1/alerts/{id}`. If nothing would change, nothing is sent.
   *
   * @throws {ContainariumError} `invalid_argument` for an expression, a duration or a name that is wrong;
   * `not_found` for an id that there is not; `conflict` (`alert_ambiguous`); `failed_precondition`
   * (`alert_built_in`, `alerting_off`, `changed_since_agreed`); `internal` (`not_applied`)
   *
   * @example Alert when the host's memory is full
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ coreServices: ["victoriametrics"] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const expr = "system_memory_used_bytes / system_memory_total_bytes > 0.95";
   * const { alert } = await client.alerts.set("MemoryFull", { expr, severity: "critical" });
   * assertEquals([alert.isEnabled, alert.duration], [true, "5m"]);
   * ```
   */
  async set(
    nameOrId: string,
    settings: AlertSettings,
    options: ChangeAlertOptions = {},
  ): Promise<SetAlertResult> {
    using call = new CallDeadline(options);
    refuseProblems(nameOrId, settings);
    const before = await this.find(nameOrId, call);
    if (options.agreed !== undefined) refuseOtherAlert(before, options.agreed, "change");
    if (before === undefined) {
      const body = newRule(nameOrId, settings);
      const answer = await this.#http.request("POST", new ApiPath("alerts"), { ...call, body });
      const what = `The alert ${JSON.stringify(nameOrId)}`;
      const { id } = await afterWrite(what, () => readAlert(answer.rule));
      const wanted = { ...settings, isEnabled: settings.isEnabled ?? true };
      return { alert: await this.#applied(id, nameOrId, wanted, call), before };
    }
    const body = changesOf(before, settings);
    if (Object.keys(body).length === 0) return { alert: before, before };
    const path = new ApiPath("alerts", before.id);
    await this.#http.request("PUT", path, { ...call, body });
    return { alert: await this.#applied(before.id, before.name, settings, call), before };
  }

  /**
   * Deletes an alert; `DELETE /v1/alerts/{id}`. If there is none, nothing is sent.
   *
   * @throws {ContainariumError} `conflict` (`alert_ambiguous`); `failed_precondition` (`alert_built_in`,
   * `changed_since_agreed`)
   *
   * @example Delete one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ coreServices: ["victoriametrics"] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * await client.alerts.set("HostDown", { expr: "up == 0" });
   * const { deleted } = await client.alerts.delete("HostDown");
   * assertEquals(deleted?.expr, "up == 0");
   * ```
   */
  async delete(nameOrId: string, options: ChangeAlertOptions = {}): Promise<DeleteAlertResult> {
    using call = new CallDeadline(options);
    const deleted = await this.find(nameOrId, call);
    if (deleted === undefined) return { deleted };
    if (options.agreed !== undefined) refuseOtherAlert(deleted, options.agreed, "deletion");
    try {
      await this.#http.request("DELETE", new ApiPath("alerts", deleted.id), call);
    } catch (error) {
      const isGone = error instanceof ContainariumError && error.code === "not_found";
      if (isGone) return { deleted: undefined };
      throw error;
    }
    return { deleted };
  }

  async #applied(
    id: string,
    name: string,
    wanted: AlertSettings,
    call: CallOptions,
  ): Promise<Alert> {
    const what = `The change of the alert ${JSON.stringify(name)}`;
    const alerts = await afterWrite(what, () => this.list(call));
    const alert = alerts.find((one) => one.id === id);
    if (alert !== undefined && Object.keys(changesOf(alert, wanted)).length === 0) return alert;
    const found = alert === undefined ? "does not list it" : "keeps other settings";
    throw new ContainariumError(
      "internal",
      `The daemon accepted the alert ${JSON.stringify(name)} and ${found}`,
      { reason: "not_applied" },
    );
  }
}

function refuseProblems(nameOrId: string, { expr, duration }: AlertSettings): void {
  const problem = (uuid.test(nameOrId) ? undefined : alertNameProblem(nameOrId)) ??
    (expr === undefined ? undefined : alertExprProblem(expr)) ??
    (duration === undefined ? undefined : alertDurationProblem(duration));
  if (problem !== undefined) throw new ContainariumError("invalid_argument", problem);
}

function refuseOtherAlert(now: Alert | undefined, { alert }: AgreedAlert, what: string): void {
  if (now === undefined ? alert === undefined : alert !== undefined && isSameAlert(now, alert)) {
    return;
  }
  const name = (now ?? alert)?.name ?? "";
  throw notAgreed(
    `The ${what} of the alert ${JSON.stringify(name)} was not agreed to: it has changed since`,
  );
}

/** The daemon leaves a new alert off unless the request turns it on. */
function newRule(name: string, settings: AlertSettings): JsonObject {
  if (uuid.test(name)) {
    throw new ContainariumError("not_found", "There is no alert of that id", {
      reason: "alert_missing",
    });
  }
  const { expr, duration, severity, description, isEnabled = true } = settings;
  if (expr === undefined) {
    throw new ContainariumError(
      "invalid_argument",
      `There is no alert ${JSON.stringify(name)}, and a new one needs an expression`,
      { reason: "alert_missing" },
    );
  }
  return { name, expr, duration, severity, description, enabled: isEnabled };
}

/** What differs, as the daemon is sent it: what is absent stays. */
function changesOf(alert: Alert, settings: AlertSettings): JsonObject {
  const { expr, duration, severity, description, isEnabled } = settings;
  const fields = {
    expr: unlessSame(expr, alert.expr),
    duration: unlessSame(duration, alert.duration),
    severity: unlessSame(severity, alert.severity),
    description: unlessSame(description, alert.description ?? ""),
    enabled: unlessSame(isEnabled, alert.isEnabled),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function unlessSame<T>(wanted: T | undefined, now: T | undefined): T | undefined {
  return wanted === now ? undefined : wanted;
}
