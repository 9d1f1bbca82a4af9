import { ApiPath } from "../transport/api_path.ts";
import type { ContainerState } from "./container.ts";
import { ContainerRow } from "./container_row.ts";
import type { CallOptions } from "../async/call_options.ts";
import type { Http } from "../transport/http.ts";
import { own, readListOf } from "../wire.ts";

/** Filters; a container must match all of them. */
export interface ListOptions extends CallOptions {
  /** Only this user's. */
  readonly username?: string | undefined;
  /** Only those in this state. */
  readonly state?: ContainerState | undefined;
  /** Only those with these labels; an empty value means those without the label. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Only those on this host. Local containers carry its id only if the daemon has peers. */
  readonly backend?: string | undefined;
  /** Only those on hosts of this pool. */
  readonly pool?: string | undefined;
}

/** Lists containers by username; `GET /v1/containers`. */
export async function listRows(
  http: Http,
  { signal, ...conditions }: ListOptions,
): Promise<readonly ContainerRow[]> {
  const query = listQuery(conditions);
  const answer = await http.request("GET", new ApiPath("containers"), { signal, query });
  return readListOf(answer, "containers")
    .map((value) => new ContainerRow(value))
    // The daemon adds other backends' containers whatever the filter; an old one ignores the
    // filter.
    .filter((row) => meets(row, conditions))
    .sort((a, b) => a.username < b.username ? -1 : a.username > b.username ? 1 : 0);
}

/** States that the daemon can filter by; the client filters by the others. */
const askable: readonly ContainerState[] = ["running", "stopped", "frozen"];

function listQuery(
  { username, state, labels = {} }: ListOptions,
): Readonly<Record<string, string | undefined>> {
  const filters = Object.entries(labels).map(([key, value]) => [`labelFilter[${key}]`, value]);
  return {
    username,
    state: state !== undefined && askable.includes(state)
      ? `CONTAINER_STATE_${state.toUpperCase()}`
      : undefined,
    ...Object.fromEntries(filters),
  };
}

function meets(row: ContainerRow, conditions: ListOptions): boolean {
  const { username, state, labels = {}, backend, pool } = conditions;
  return (username === undefined || row.username === username) &&
    (backend === undefined || row.backendId === backend) &&
    (pool === undefined || row.pool === pool) &&
    (state === undefined || row.state === state) &&
    Object.entries(labels).every(([key, value]) => (own(row.labels, key) ?? "") === value);
}
