/** The runs of scanners that go over many targets. @module */

import { isoSeconds } from "./container.ts";
import { RouteTable } from "./route_table.ts";
import { ScanWork } from "./scan_work.ts";
import type { World } from "./world.ts";

/** One run. */
export interface ScanRun {
  readonly id: string;
  /** Its scope; empty for all. */
  readonly containerName: string;
  status: "running" | "completed";
  readonly targetsCount: number;
  readonly startedAt: string;
  completedAt: string;
  duration: string;
  /** How many it found, by severity. */
  counts: Readonly<Record<string, number>>;
}

/** The runs of one scanner, oldest first. */
export class ScanRuns {
  readonly #world: World;
  readonly #runs: ScanRun[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** Begins one; what `find` gives are the severities of what it found. */
  begin(containerName: string, find: (run: ScanRun) => readonly string[]): ScanRun {
    const targetsCount = targetsOf(containerName, this.#world);
    const startedAt = isoSeconds(Date.now());
    const run: ScanRun = {
      id: crypto.randomUUID(),
      containerName,
      status: "running",
      targetsCount,
      startedAt,
      completedAt: "",
      duration: "",
      counts: {},
    };
    this.#runs.push(run);
    const end = () => {
      run.counts = countOf(find(run));
      run.completedAt = isoSeconds(Date.now());
      run.duration = "0s";
      run.status = "completed";
    };
    // Where there is nothing to look at it is over at once.
    if (targetsCount === 0) end();
    else {
      this.#world.area(ScanWork).begin(async () => {
        const { pace, delays } = this.#world;
        await pace.through("scanning", containerName.replace(/-container$/, ""), delays.scanMs);
        end();
      });
    }
    return run;
  }

  /** Those of a scope, or all, the newest first. */
  list(containerName: string): readonly ScanRun[] {
    return this.#runs.toReversed().filter((run) =>
      containerName === "" || run.containerName === containerName
    );
  }

  /** The run of that id. */
  find(id: string): ScanRun | undefined {
    return this.#runs.find((run) => run.id === id);
  }
}

/** The containers of the scope, and their routes. */
function targetsOf(containerName: string, world: World): number {
  const inScope = (name: string) => containerName === "" || name === containerName;
  const containers = world.store.all().filter(({ username }) => inScope(`${username}-container`));
  const routes = world.area(RouteTable).list().filter((route) => inScope(route.containerName));
  return containers.length === 0 ? 0 : containers.length + routes.length;
}

/** How often each is there. */
export function countOf(texts: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const text of texts.toSorted()) counts.set(text, (counts.get(text) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** A page of a list. */
export function pageOf<T>(items: readonly T[], query: URLSearchParams): readonly T[] {
  const offset = Number(query.get("offset") ?? "0");
  return items.slice(offset, offset + (Number(query.get("limit") ?? "0") || 50));
}

/** Whether a text is the id of a run. */
export function isRunId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
