/** Where alerts are sent: the webhook, its test, and what became of it. @module */

import {
  AlertStore,
  defaultRuleCount,
  demandAlerting,
  isAlerting,
  requireAlertAdmin,
} from "./alerts.ts";
import { isoSeconds } from "./container.ts";
import { flag, text } from "./protojson.ts";
import type { Call, Route } from "./route.ts";
import type { World } from "./world.ts";

/** The webhook. */
export const alertWebhookRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/system/alerting", handle: show },
  { method: "PUT", pattern: "/v1/system/alerting", handle: set },
  { method: "POST", pattern: "/v1/system/alerting/test", handle: test },
  { method: "GET", pattern: "/v1/system/alerting/deliveries", handle: listDeliveries },
].map((route) => ({ ...route, since: "0.67.0" }));

/** One attempt, as it is written. */
interface Delivery {
  readonly id: string;
  readonly timestamp: string;
  readonly alertName: string;
  readonly source: string;
  readonly webhookUrl: string;
  readonly success: boolean;
  readonly httpStatus: number;
  readonly errorMessage: string;
  readonly payloadSize: number;
  readonly durationMs: number;
}

class Webhook {
  url = "";
  secret = "";
  readonly deliveries: Delivery[] = [];
}

function show({ world }: Call): unknown {
  const webhook = world.area(Webhook);
  const customRules = world.area(AlertStore).rules.size;
  const on = isAlerting(world);
  return {
    enabled: on,
    vmalertStatus: on ? "healthy" : "",
    alertmanagerStatus: on ? "healthy" : "",
    webhookUrl: masked(webhook.url),
    totalRules: on ? defaultRuleCount + customRules : 0,
    customRules,
    webhookSecretConfigured: webhook.secret !== "",
  };
}

function set(call: Call): unknown {
  const { webhookUrl, generateWebhookSecret } = call.body({
    webhookUrl: text,
    generateWebhookSecret: flag,
  });
  requireAlertAdmin(call, "write");
  demandAlerting(call.world);
  const webhook = call.world.area(Webhook);
  if (!generateWebhookSecret || webhookUrl !== "") webhook.url = webhookUrl;
  const made = generateWebhookSecret
    ? crypto.getRandomValues(new Uint8Array(32)).toHex()
    : undefined;
  webhook.secret = made ?? webhook.secret;
  return { webhookUrl: masked(webhook.url), success: true, webhookSecret: made ?? "" };
}

/** The path may be a secret. */
function masked(url: string): string {
  if (url === "") return "";
  return URL.canParse(url) ? `${new URL(url).origin}/***` : "***";
}

function test(call: Call): unknown {
  requireAlertAdmin(call, "write");
  const { url, deliveries } = call.world.area(Webhook);
  if (url === "") {
    return {
      success: false,
      statusCode: 0,
      message: "No webhook URL configured. Set a webhook URL first.",
    };
  }
  const { statusCode, problem } = post(url, call.world);
  deliveries.push({
    id: String(deliveries.length + 1),
    timestamp: isoSeconds(Date.now()),
    // It is spelt so.
    alertName: "ContinariumTestAlert",
    source: "test",
    webhookUrl: masked(url),
    success: problem === undefined,
    httpStatus: statusCode,
    errorMessage: (problem ?? "").replace(/^Webhook returned /, ""),
    payloadSize: 732,
    durationMs: 1,
  });
  const message = problem ?? `Test notification sent successfully (HTTP ${statusCode})`;
  return { success: problem === undefined, statusCode, message };
}

/** Nothing leaves the simulator: the answers are known beforehand. */
function post(
  url: string,
  world: World,
): { readonly statusCode: number; readonly problem: string | undefined } {
  const unreached = (reason: string) => ({
    statusCode: 0,
    problem: `Failed to reach webhook: Post "${encodeURI(url)}": ${reason}`,
  });
  if (!URL.canParse(url)) return unreached('unsupported protocol scheme ""');
  const answer = world.services.webhooks[url];
  if (answer === undefined) {
    const { hostname, port, protocol } = new URL(url);
    const at = `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
    return unreached(`dial tcp ${at}: connect: connection refused`);
  }
  const { status, text: said } = answer;
  const taken = status >= 200 && status < 300;
  return {
    statusCode: status,
    problem: taken ? undefined : `Webhook returned HTTP ${status}: ${said}`,
  };
}

function listDeliveries(call: Call): unknown {
  requireAlertAdmin(call, "read");
  const { query, world } = call;
  const all = world.area(Webhook).deliveries.toReversed();
  const offset = Number(query.get("offset") ?? "0");
  const limit = Number(query.get("limit") ?? "0") || 50;
  return { deliveries: all.slice(offset, offset + limit), totalCount: all.length };
}
