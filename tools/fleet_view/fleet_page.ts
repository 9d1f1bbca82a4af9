/**
 * The view's page as one HTML file, made of the sources in page/ when it is first asked for: a clone has no
 * build step, and nothing that is built is committed. Deno takes the types out, and as the modules' names
 * are all different, they can stand in one script without their imports. The bundle has the page in place
 * of this file, as esbuild makes it (scripts/bundle/fleet_page.ts).
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

/** Each after those that it imports. */
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

/** The view's page. */
export const fleetPage: string = pageOf(html, css, modules.map(scriptOf).join(""));

/** A module's code without types, imports, exports and what is only there for readers. */
function scriptOf(source: string): string {
  return stripTypeScriptTypes(source)
    .replaceAll(/^import [^;]*;$/gm, "")
    .replaceAll(/^export /gm, "")
    .replaceAll(/^ *\/\*\*[^]*?\*\/$|^ *\/\/.*$| +$/gm, "")
    .replaceAll(/\n{2,}/g, "\n");
}
