import { z } from "zod";
import {
  type CallOptions,
  type ContainariumClient,
  ContainariumError,
  type ContainerRow,
} from "../../client/mod.ts";
import { formatSeconds, formatTable } from "../text/format.ts";
import { diskWarnings, distinctWarnings, warnings } from "../host/limits.ts";
import {
  container,
  type ContainerAnswer,
  containerAnswer,
  containerStates,
  renderLabels,
  renderState,
} from "../schemas.ts";
import { fleetViewUri } from "../fleet_view/fleet_view_uri.ts";
import { defineTool } from "../tool.ts";
import { type ContainerPage, page, type SortOrder, sortOrders } from "./container_page.ts";
import { mapOf } from "../schema/map_of.ts";

/** Lists containers; `GET /v1/containers`. */
export const listContainers = defineTool({
  name: "list_containers",
  title: "List containers",
  description: "List all containers (machines, boxes) with state, address and limits. Without " +
    "the admin role, only your own.",
  effect: "read",
  idempotent: true,
  scopes: ["containers:read"],
  view: fleetViewUri,
  input: z.strictObject({
    state: z.enum(containerStates).optional().describe("Only those in this state"),
    labels: mapOf(z.string(), z.string()).optional()
      .describe('Only those with all of these, e.g. {"team": "dev"}; "" for those without it'),
    backend: z.string().optional().describe("Only those on this host"),
    pool: z.string().optional().describe("Only those in this pool"),
    sort: z.enum(sortOrders).default("username").describe("created: newest first"),
    limit: z.int().min(1).max(500).default(50).describe("Maximum number"),
    cursor: z.string().optional().describe("next_cursor of the previous answer"),
  }),
  output: z.strictObject({
    total: z.number().describe("How many match, on all pages"),
    containers: z.array(container),
    next_cursor: z.string().optional().describe("Pass as cursor for the rest; absent: no more"),
    warnings,
  }),

  run: async ({ sort, limit, cursor, ...conditions }, { client, signal }) => {
    const found = await client.containers.listRows({ signal, ...conditions });
    const { items, next } = pageOf(found, sort, limit, cursor);
    const containers = items.map((row) => containerAnswer(row.read()));
    return {
      total: found.length,
      containers,
      next_cursor: next,
      warnings: distinctWarnings(await unenforcedDisks(containers, client, { signal })),
    };
  },

  render: ({ total, containers, next_cursor: next, warnings = [] }) => {
    if (total === 0) return "No containers.";
    const shown = containers.length < total ? `${containers.length} of ` : "";
    const more = next === undefined
      ? ""
      : `\nMore: list_containers with the same arguments and cursor="${next}"`;
    return `${shown}${total} container${total === 1 ? "" : "s"}\n` +
      [formatTable(header, containers.map(row)), ...warnings].join("\n") + more;
  },
});

/** Returns a warning for each host that does not enforce the disk limits shown. */
async function unenforcedDisks(
  containers: readonly ContainerAnswer[],
  client: ContainariumClient,
  options: CallOptions,
): Promise<readonly string[]> {
  const shown = containers.filter(({ disk }) => disk !== undefined);
  const backends = [...new Set(shown.map(({ backend }) => backend))];
  const found: string[] = [];
  // Sequentially: the first call reads the hosts for all.
  for (const id of backends) {
    const where = backends.length > 1 ? `${id ?? "the host that answers"}: ` : "";
    const host = await client.backends.hostOf(id, options);
    found.push(...diskWarnings("shown", host).map((warning) => where + warning));
  }
  return found;
}

function pageOf(
  rows: readonly ContainerRow[],
  sort: SortOrder,
  limit: number,
  cursor: string | undefined,
): ContainerPage<ContainerRow> {
  try {
    return page(rows, sort, limit, cursor);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ContainariumError("invalid_argument", error.message, { cause: error });
  }
}

const columns = [
  "username",
  "state",
  "ip_address",
  "cpu",
  "memory",
  "disk",
  "backend",
  "pool",
  "protected",
  "ttl_expires_at",
  "delete_after_stopped_seconds",
  "deletion_at",
  "deletes_in_seconds",
  "labels",
] as const;

const header = columns.map((column) => column === "deletes_in_seconds" ? "deletes_in" : column);

function row(from: ContainerAnswer): readonly string[] {
  return columns.map((column) => {
    switch (column) {
      case "state":
        return renderState(from);
      case "labels":
        return renderLabels(from.labels);
      case "protected":
        return from.protected ? "yes" : "";
      case "delete_after_stopped_seconds":
        return from.delete_after_stopped_seconds?.toString() ?? "";
      case "deletes_in_seconds":
        return from[column] === undefined || from.deleted_at !== undefined
          ? ""
          : formatSeconds(from[column]);
      default:
        return from[column] ?? "";
    }
  });
}
