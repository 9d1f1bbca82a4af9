import { z } from "zod";
import { formatTable } from "../format.ts";
import { container, containerAnswer, renderLabels } from "../schemas.ts";
import { defineTool } from "../tool.ts";

/** Lists containers; `GET /v1/containers`. */
export const listContainers = defineTool({
  name: "list_containers",
  title: "List containers",
  description: "List containers with state, address and limits. " +
    "Without the admin role only one's own is shown.",
  effect: "read",
  idempotent: true,
  scopes: ["containers:read"],
  input: z.strictObject({}),
  output: z.strictObject({
    total: z.number().describe("How many there are"),
    containers: z.array(container),
  }),

  run: async (_args, { client, signal }) => {
    const containers = await client.containers.list({ signal });
    return { total: containers.length, containers: containers.map(containerAnswer) };
  },

  render: ({ total, containers }) => {
    if (total === 0) return "No containers.";
    const rows = containers.map((from) => [
      from.username,
      from.state,
      from.ip_address ?? "",
      from.cpu ?? "",
      from.memory ?? "",
      from.disk ?? "",
      from.backend ?? "",
      from.protected ? "yes" : "",
      from.ttl_expires_at ?? "",
      renderLabels(from.labels),
    ]);
    const header = [
      "username",
      "state",
      "ip_address",
      "cpu",
      "memory",
      "disk",
      "backend",
      "protected",
      "ttl_expires_at",
      "labels",
    ];
    return `${total} container${total === 1 ? "" : "s"}\n${formatTable(header, rows)}`;
  },
});
