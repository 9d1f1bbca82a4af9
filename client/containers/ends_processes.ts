import type { ApiPath } from "../transport/api_path.ts";
import type { Method } from "../transport/http.ts";

/** Actions on a running container that stop, restart or replace it. */
const actions: ReadonlySet<string> = new Set(
  ["start", "stop", "move", "rollback", "monitoring", "rewrap"],
);

/** Returns whether nothing that ran in a container before this write need run after it. */
export function endsProcesses(method: Method, path: ApiPath): boolean {
  const [, , collection, , ...rest] = path.text.split("/");
  if (collection !== "containers") return false;
  if (method === "DELETE") return rest.length === 0;
  return method === "POST" && actions.has(rest.at(-1) ?? "");
}
