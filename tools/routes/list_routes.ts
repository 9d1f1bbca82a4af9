import { z } from "zod";
import { unlessEmpty } from "../lean.ts";
import { username } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { renderRoutes, route, routeAnswer } from "./route_answer.ts";
import { visibleRoutes } from "./visible_routes.ts";

/** Lists routes; `GET /v1/network/routes` and `…/passthrough`. */
export const listRoutes = defineTool({
  name: "list_routes",
  title: "List routes",
  description: "List routes: the domains (URLs) and external ports in use, and where they lead.",
  effect: "read",
  idempotent: true,
  scopes: ["containers:read", "routes:read"],
  input: z.strictObject({
    username: username.optional().describe("Only those to this user's container"),
  }),
  output: z.strictObject({
    routes: z.array(route).describe("Domains, the newest first, then ports"),
    ports_hidden: z.boolean().optional()
      .describe("True: the token lacks the admin role, which ports need; absent: false"),
  }),

  run: async ({ username }, { client, signal }) => {
    const { routes, containers, arePortsHidden } = await visibleRoutes(client, { signal });
    const answers = routes.map((route) => routeAnswer(route, containers));
    return {
      routes: username === undefined
        ? answers
        : answers.filter((route) => route.username === username || route.reaches === username),
      ports_hidden: unlessEmpty(arePortsHidden),
    };
  },

  render: ({ routes, ports_hidden: arePortsHidden = false }) =>
    [
      routes.length === 0 ? "No routes." : renderRoutes(routes),
      ...(arePortsHidden ? ["Ports of the host are listed only to admins."] : []),
    ].join("\n"),
});
