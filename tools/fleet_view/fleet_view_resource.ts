import { defineResource } from "../resource.ts";
import { fleetViewUri } from "./fleet_view_uri.ts";

/** View of the fleet for hosts with MCP Apps, which open it with a tool's result. */
export const fleetViewResource = defineResource({
  uri: fleetViewUri,
  name: "fleet",
  title: "Fleet",
  description: "A view of all containers, for hosts with MCP Apps",
  mimeType: "text/html;profile=mcp-app",
  priority: 0,
  audience: ["user"],
  // Declares no origins and no permissions: it needs only what a host allows by default.
  meta: { ui: { prefersBorder: true } },
  tools: ["list_containers"],
  variables: {},
  isListed: false,
  read: async (_values, { tools }) => {
    const { fleetPage } = await import("./fleet_page.ts");
    // The page hides the buttons of tools that are off.
    return {
      text: fleetPage.replace('data-tools=""', () => `data-tools="${[...tools].join(" ")}"`),
    };
  },
});
