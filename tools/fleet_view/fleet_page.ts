/**
 * Builds the view's page as one HTML file from the sources in page/, on first use: a clone has no build step,
 * and no build output is committed. Deno strips the types. Top-level names are unique across the modules, so
 * they fit into one script without imports. The bundle replaces this file with the page as esbuild builds it
 * (scripts/bundle/built_page.ts).
 *
 * @module
 */
import { stripTypeScriptTypes } from "node:module";
import quantities from "../../client/containers/quantities.ts" with { type: "text" };
import format from "../text/format.ts" with { type: "text" };
import detailPane from "./page/detail_pane.ts" with { type: "text" };
import dom from "./page/dom.ts" with { type: "text" };
import css from "./page/fleet.css" with { type: "text" };
import fleetData from "./page/fleet_data.ts" with { type: "text" };
import html from "./page/fleet.html" with { type: "text" };
import fleetTable from "./page/fleet_table.ts" with { type: "text" };
import fleetView from "./page/fleet_view.ts" with { type: "text" };
import hostLink from "./page/host_link.ts" with { type: "text" };
import jsonFields from "./page/json_fields.ts" with { type: "text" };
import logTail from "./page/log_tail.ts" with { type: "text" };
import looks from "./page/looks.ts" with { type: "text" };
import rowOrder from "./page/row_order.ts" with { type: "text" };
import screenPane from "./page/screen_pane.ts" with { type: "text" };
import unfenced from "./page/unfenced.ts" with { type: "text" };
import usageHistory from "./page/usage_history.ts" with { type: "text" };
import { pageOf } from "./page_of.ts";

/** The modules, each after those that it imports. */
const modules = [
  quantities,
  format,
  jsonFields,
  dom,
  hostLink,
  looks,
  fleetData,
  usageHistory,
  rowOrder,
  fleetTable,
  logTail,
  unfenced,
  screenPane,
  detailPane,
  fleetView,
];

/** Returns the view's page. */
export const fleetPage: string = pageOf(html, css, modules.map(scriptOf).join(""));

/** Returns a module's code without types, imports, exports, comments and blank lines. */
function scriptOf(source: string): string {
  return stripTypeScriptTypes(source)
    .replaceAll(/^import [^;]*;$/gm, "")
    .replaceAll(/^export /gm, "")
    .replaceAll(/^ *\/\*\*[^]*?\*\/$|^ *\/\/.*$| +$/gm, "")
    .replaceAll(/\n{2,}/g, "\n");
}
