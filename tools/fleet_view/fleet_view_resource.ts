import { defineResource } from "../resource.ts";
import { fleetViewUri } from "./fleet_view_uri.ts";

/** Shows the fleet in hosts with MCP Apps, which open it with a tool's result. */
export const fleetViewResource = defineResource({
  uri: fleetViewUri,
  name: "fleet",
  title: "Fleet",
  description: "A view of all containers, for hosts with MCP Apps",
  mimeType: "text/html;profile=mcp-app",
  priority: 0,
  audience: ["user"],
  // It loads nothing and asks for no permission: what a host allows where nothing is declared.
  meta: { ui: { prefersBorder: true } },
  tools: ["list_containers"],
  variables: {},
  isListed: false,
  read: async (_values, { tools }) => {
    const { fleetPage } = await import("./fleet_page.ts");
    // The page has no buttons for what is off.
    return {
      text: fleetPage.replace('data-tools=""', () => `data-tools="${[...tools].join(" ")}"`),
    };
  },
});
