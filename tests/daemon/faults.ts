/** What a test has asked to go wrong, and which request it is meant for. @module */

import { Gate } from "./pace.ts";
import type { Fault, Hold, RequestFilter } from "./types.ts";

/** Where in a request's life its connection is reset. */
export type DropMoment = "before-read" | "after-read";

/** Whether a request is one of those. A path that is text must equal the raw path, with or without its query. */
export function matches(
  request: { readonly method: string; readonly path: string },
  method?: string,
  path?: string | RegExp,
): boolean {
  if (method !== undefined && method !== request.method) return false;
  if (path === undefined) return true;
  if (path instanceof RegExp) return path.test(request.path);
  return path === request.path || path === request.path.split("?", 1)[0];
}

interface Waiting<T> extends RequestFilter {
  readonly what: T;
  left: number;
}

/** The orders not yet used up, each list oldest first. */
export class FaultDesk {
  /** How many requests had a fault, by its kind. */
  readonly met = new Map<string, number>();
  readonly #holds: Waiting<Gate>[] = [];
  readonly #drops: Record<DropMoment, Waiting<DropMoment>[]> = {
    "before-read": [],
    "after-read": [],
  };
  readonly #faults: Waiting<Fault>[] = [];

  /** The next matching request waits. */
  hold(method: string, path?: string | RegExp): Hold {
    const gate = new Gate();
    this.#holds.push({ what: gate, left: 1, ...filter(method, path) });
    return gate;
  }

  /** The next matching request loses its connection. */
  dropNext(method: string, when: DropMoment, path?: string | RegExp): void {
    this.#drops[when].push({ what: when, left: 1, ...filter(method, path) });
  }

  /** The next matching requests have this fault. */
  inject(fault: Fault): void {
    this.#faults.push({
      what: fault,
      left: fault.times ?? 1,
      ...filter(fault.method, fault.path),
    });
  }

  /** Forgets the faults and drops that were meant for this very path and are not used up. */
  forget(path: string | RegExp): void {
    forget(this.#drops["before-read"], path);
    forget(this.#drops["after-read"], path);
    forget(this.#faults, path);
  }

  /** The hold that is meant for this request, if any. */
  takeHold(method: string, path: string): Gate | undefined {
    return take(this.#holds, method, path);
  }

  /** Whether this request's connection is to be reset at that moment. */
  takeDrop(moment: DropMoment, method: string, path: string): boolean {
    const isDropped = take(this.#drops[moment], method, path) !== undefined;
    if (isDropped) this.#meet(`reset ${moment}`);
    return isDropped;
  }

  /** The fault that is meant for this request, if any. */
  takeFault(method: string, path: string): Fault | undefined {
    const fault = take(this.#faults, method, path);
    if (fault !== undefined) this.#meet(nameOf(fault));
    return fault;
  }

  #meet(kind: string): void {
    this.met.set(kind, (this.met.get(kind) ?? 0) + 1);
  }
}

function nameOf(fault: Fault): string {
  return fault.kind === "answer" ? `answer ${fault.status}` : fault.kind;
}

function filter(method?: string, path?: string | RegExp): RequestFilter {
  return {
    ...(method === undefined ? {} : { method }),
    ...(path === undefined ? {} : { path }),
  };
}

function forget<T>(orders: Waiting<T>[], path: string | RegExp): void {
  const kept = orders.filter((order) => order.path !== path);
  orders.splice(0, orders.length, ...kept);
}

function take<T>(orders: Waiting<T>[], method: string, path: string): T | undefined {
  const index = orders.findIndex((order) => matches({ method, path }, order.method, order.path));
  const order = orders[index];
  if (order === undefined) return undefined;
  order.left -= 1;
  if (order.left <= 0) orders.splice(index, 1);
  return order.what;
}
