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
import type { Call, Route } from "./route.ts";
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

/** Whether the path belongs to the label handler: it takes whatever contains `/labels`. */
export function isLabelPath(path: string): boolean {
  return path.startsWith("/v1/containers/") && path.includes("/labels");
}

/** Answers a label path. */
export function answerLabels(method: string, path: string, body: string, world: World): Reply {
  const [username = "", word, key = ""] = path.slice("/v1/containers/".length).split("/");
  if (word !== "labels") return plainReply(400, '{"error":"invalid path"}');
  const container = world.store.find(username);
  if (container === undefined) return jsonReply(404, { error: "container not found" });
  switch (method) {
    case "GET":
      return written(container);
    case "PUT":
    case "POST": {
      const labels = labelsIn(body);
      if (typeof labels === "string") {
        return jsonReply(400, { error: `invalid request body: ${labels}` });
      }
      for (const [name, value] of labels) container.labels.set(name, value);
      return written(container, "labels updated");
    }
    case "DELETE":
      container.labels.delete(key);
      return written(container, "label removed");
    default:
      return plainReply(405, '{"error":"method not allowed"}');
  }
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
  try {
    const value: unknown = JSON.parse(body);
    const labels = typeof value === "object" && value !== null && "labels" in value
      ? value.labels
      : {};
    return Object.entries(labels ?? {}).map(([key, text]) => [key, String(text)]);
  } catch {
    return body === "" ? "EOF" : "invalid character looking for beginning of value";
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
