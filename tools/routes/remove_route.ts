import { z } from "zod";
import {
  ContainariumError,
  type NetworkRoute,
  type PortProtocol,
  type RouteAddress,
} from "../../client/mod.ts";
import { unlessEmpty } from "../lean.ts";
import { type ConsentQuestion, defineTool, type ToolContext } from "../tool.ts";
import {
  bareDomain,
  namedEntrance,
  namedTarget,
  pastRouteAnswer,
  port,
  renderEntrance,
  renderTarget,
  route,
} from "./route_answer.ts";

/** Removes a route or switches it off; `DELETE` or `PUT /v1/network/routes/{domain}` or `…/passthrough/{port}`. */
export const removeRoute = defineTool({
  name: "remove_route",
  title: "Remove route",
  description: "Unpublish an app: remove a domain or port of the host that leads to a container, " +
    "or switch it off.",
  effect: "destroy",
  idempotent: true,
  scopes: ["containers:read", "routes:read", "routes:write"],
  role: "admin",
  input: z.strictObject({
    domain: z.string().min(1).optional().describe("As list_routes shows it"),
    external_port: port.optional().describe("Port of the host, instead of domain"),
    protocol: z.enum(["tcp", "udp"]).optional()
      .describe("Of external_port, if it has both"),
    disable: z.boolean().default(false)
      .describe("Only switch it off; expose_port reverses that"),
  }),
  output: z.strictObject({
    removed: z.boolean().describe("False if there was no such route, or it was only switched off"),
    disabled: z.boolean().optional().describe("Whether it is switched off now; absent: false"),
    route: route.optional().describe("The route as it was; absent: there was none"),
  }),

  consent: async (args, context) => {
    const { client, signal } = context;
    const at = await addressOf(args, context);
    const route = await client.routes.find(at, { signal });
    if (route === undefined || (args.disable && !route.isActive)) return { agreed: { at, route } };
    return { question: removal(route, args.disable), agreed: { at, route } };
  },

  run: async (args, context, agreed) => {
    const { client, signal } = context;
    const at = agreed?.at ?? await addressOf(args, context);
    if (args.disable) {
      if (agreed !== undefined && agreed.route === undefined) return { removed: false };
      const { route } = await client.routes.setActive(at, false, { signal, agreed });
      return {
        removed: false,
        disabled: unlessEmpty(!route.isActive),
        route: pastRouteAnswer(route),
      };
    }
    const { route } = await client.routes.remove(at, { signal, agreed });
    return {
      removed: route !== undefined,
      route: route === undefined ? undefined : pastRouteAnswer(route),
    };
  },

  render: ({ removed, disabled = false, route }) => {
    if (route === undefined) return "There is no such route; nothing was removed.";
    const what = `${renderEntrance(route)} (to ${renderTarget(route)})`;
    if (disabled) return `Switched off ${what}.`;
    return removed ? `Removed ${what}.` : `${what} was not removed.`;
  },
});

type Args = Readonly<{
  domain?: string | undefined;
  "external_port"?: number | undefined;
  protocol?: PortProtocol | undefined;
}>;

/** Returns which route is meant. Without its protocol, the daemon would leave the UDP of a port. */
async function addressOf(
  { domain, external_port: externalPort, protocol }: Args,
  { client, signal }: ToolContext,
): Promise<RouteAddress> {
  if (domain !== undefined && externalPort === undefined) {
    return { kind: "domain", domain: bareDomain(domain) };
  }
  if (domain !== undefined || externalPort === undefined) {
    throw new ContainariumError("invalid_argument", "Pass either domain or external_port");
  }
  if (protocol !== undefined) return { kind: "port", externalPort, protocol };
  const ports = (await client.routes.listPorts({ signal }))
    .filter((route) => route.externalPort === externalPort);
  if (ports.length > 1) {
    throw new ContainariumError(
      "invalid_argument",
      `Port ${externalPort} of the host has a tcp and a udp route: pass protocol`,
    );
  }
  return { kind: "port", externalPort, protocol: ports[0]?.protocol ?? "tcp" };
}

function removal(route: NetworkRoute, isSwitch: boolean): ConsentQuestion {
  const verb = isSwitch ? "Switch off" : "Remove";
  return {
    message: `${verb} the route from ${namedEntrance(route)} to ${namedTarget(route)}? ` +
      "Nothing reaches the container by it any more.",
    confirm: `${verb} the route from ${namedEntrance(route)}`,
  };
}
