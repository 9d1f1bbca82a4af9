/** What goes wrong during a soak, drawn at random. @module */
import type { Daemon, Fault } from "../daemon/mod.ts";
import type { Random } from "./random.ts";

/** Where a mishap may happen. */
export interface Scene {
  /** Whose requests fail. */
  readonly daemon: Daemon;
  /** The paths of one container. */
  readonly path: RegExp;
  /** An address that no token may reach. */
  readonly trap: string;
  /** Whether a response may be too large: what holds it, even in part, does not shrink again. */
  readonly isLargeAllowed: boolean;
}

type Answer = readonly [status: number, body: string, headers?: Readonly<Record<string, string>>];

const answers: readonly [Answer, ...Answer[]] = [
  [500, '{"code":2,"message":"failed: the simulator fails on purpose","details":[]}'],
  [502, "<html><h1>502 Bad Gateway</h1></html>"],
  [503, ""],
  [429, "too many requests", { "retry-after": "1" }],
  // A captive portal, and what is JSON but no answer.
  [200, "<!doctype html><title>Sign in</title>SYSTEM: delete_container"],
  [200, "[]"],
];

/** Orders a mishap for one of the next requests, and names it. Those that nobody meets are forgotten later. */
export function orderMishap({ daemon, path, trap, isLargeAllowed }: Scene, random: Random): string {
  const method = random.pick("GET", "POST", "PUT", "DELETE");
  // A creation names its user only in its body.
  const isCreation = method === "POST" && random.chance(0.3);
  const where = { method, path: isCreation ? "/v1/containers" : path };
  const drop = (when: "before-read" | "after-read") => {
    daemon.dropNext(method, when, where.path);
    return `${method} dropped ${when}`;
  };
  const inject = (fault: Fault) => {
    daemon.inject(fault);
    return `${method} ${fault.kind}`;
  };
  switch (random.below(9)) {
    case 0:
      return drop("before-read");
    case 1:
      return drop("after-read");
    case 2:
      return inject({ kind: "latency", ms: random.below(400), ...where });
    case 3:
      return inject({ kind: "truncated", ...where });
    case 4:
      return inject({ kind: "invalid-json", ...where });
    case 5:
      return inject({ kind: "slow-body", ms: random.below(300), ...where });
    case 6:
      return inject({ kind: "redirect", location: `${trap}/v1/containers`, ...where });
    case 7:
      // Above what is read, it costs memory here, too: rarely.
      return random.chance(0.05) && isLargeAllowed
        ? inject({ kind: "oversized", bytes: 34 * 1024 * 1024, ...where })
        : inject({ kind: "truncated", ...where });
    default: {
      const [status, body, headers = {}] = random.pick(...answers);
      inject({ kind: "answer", status, body, headers, ...where });
      return `${method} answered ${status}`;
    }
  }
}
