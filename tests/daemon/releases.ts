/** The newest release: a handler of its own, which looks at any method and checks tokens by itself. @module */

import { authenticate, isReply } from "./auth.ts";
import { isoSeconds } from "./container.ts";
import type { IncomingRequest } from "./http.ts";
import { jsonReply, plainReply, type Reply } from "./reply.ts";
import type { BareHandler } from "./route.ts";
import type { World } from "./world.ts";

/** The handler. */
export const latestRelease: BareHandler = {
  takes: (_method, path) => path === "/v1/releases/latest",
  answer,
};

/** When GitHub was asked; the answer is kept for an hour. */
class ReleaseCheck {
  at: string | undefined;
}

function answer(request: IncomingRequest, _path: string, world: World): Reply {
  if (request.headers["authorization"] === undefined) {
    return error(401, "unauthorized: Bearer token required in Authorization header");
  }
  const caller = authenticate(request, world);
  if (isReply(caller)) return caller;
  const { latestRelease: latest } = world.services;
  if (latest === null) return error(502, "failed to fetch latest release");
  const check = world.area(ReleaseCheck);
  const cached = check.at !== undefined;
  check.at ??= isoSeconds(Date.now());
  return jsonReply(200, {
    current: world.version,
    latest: `v${latest}`,
    name: `Containarium v${latest}`,
    htmlUrl: `https://github.com/FootprintAI/Containarium/releases/tag/v${latest}`,
    publishedAt: "2026-11-01T10:00:00Z",
    behind: isNewer(latest, world.version),
    checkedAt: check.at,
    cached,
  });
}

function error(status: number, text: string): Reply {
  return plainReply(status, JSON.stringify({ error: text, code: status }));
}

function isNewer(version: string, than: string): boolean {
  const [a, b] = [version, than].map((one) => one.split(".").map(Number));
  const first = (a ?? []).map((part, index) => part - (b?.[index] ?? 0)).find((by) => by !== 0);
  return (first ?? 0) > 0;
}
