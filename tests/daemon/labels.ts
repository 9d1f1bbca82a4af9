/**
 * Labels: a handler of its own in front of the gateway, which looks at no token, and the authenticated
 * attribution.
 *
 * @module
 */

import { requireScope, requireTenant } from "./auth.ts";
import { type Container, writeLabels } from "./container.ts";
import { text, textMap } from "./protojson.ts";
import { jsonReply, plainReply, type Reply } from "./reply.ts";
import type { BareHandler, Call, Route } from "./route.ts";
import type { World } from "./world.ts";

/** The authenticated way to set labels. */
export const attributionRoutes: readonly Route[] = [
  {
    method: "POST",
    pattern: "/v1/containers/{name}/attribution",
    since: "0.67.0",
    handle: attribute,
  },
];

/** The handler that looks at no token: it takes whatever contains `/labels`. */
export const labels: BareHandler = {
  takes: (method, path) =>
    path.startsWith("/v1/containers/") && path.includes("/labels") &&
    ["GET", "PUT", "POST", "DELETE"].includes(method),
  answer: ({ method, body }, path, world) => answerLabels(method, path, body, world),
};

function answerLabels(method: string, path: string, body: string, world: World): Reply {
  const [username = "", word, key] = path.slice("/v1/containers/".length).split("/");
  if (word !== "labels" || (method === "DELETE" && key === undefined)) {
    return plainReply(400, '{"error":"invalid path"}');
  }
  const container = world.store.find(username);
  if (container === undefined) return jsonReply(404, { error: "container not found" });
  if (method === "GET") return written(container);
  if (method === "DELETE") {
    container.labels.delete(key ?? "");
    return written(container, "label removed");
  }
  const labels = labelsIn(body);
  if (typeof labels === "string") {
    return jsonReply(400, { error: `invalid request body: ${labels}` });
  }
  for (const [name, value] of labels) container.labels.set(name, value);
  return written(container, "labels updated");
}

function written(container: Container, message?: string): Reply {
  return jsonReply(200, {
    container: `${container.username}-container`,
    labels: writeLabels(container),
    ...(message === undefined ? {} : { message }),
  });
}

/** The labels in a body, or why there are none; other keys do not matter here. */
function labelsIn(body: string): readonly (readonly [string, string])[] | string {
  const labels = labelsOf(body);
  if (typeof labels === "string") return labels;
  const strange = Object.values(labels).find((value) => typeof value !== "string");
  return strange === undefined
    ? Object.entries(labels).map(([key, value]) => [key, String(value)])
    : `json: cannot unmarshal ${typeof strange} into Go struct field SetLabelsRequest.labels of type string`;
}

function labelsOf(body: string): object | string {
  if (body === "") return "EOF";
  try {
    const value: unknown = JSON.parse(body);
    const holds = typeof value === "object" && value !== null && "labels" in value;
    return holds ? value.labels ?? {} : {};
  } catch {
    return "unexpected EOF";
  }
}

function attribute(call: Call): unknown {
  const { world, caller, param } = call;
  const { labels } = call.body({ name: text, labels: textMap });
  requireScope(caller, "containers:write");
  requireTenant(caller, param("name"));
  const container = world.store.demandOr404(param("name"));
  for (const [key, value] of Object.entries(labels)) container.labels.set(key, value);
  return { labels: writeLabels(container) };
}
