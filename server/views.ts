import type { ActiveResources, ToolDescription, ToolEntry } from "../tools/mod.ts";
import { isObject, type JsonObject } from "./json.ts";

/** The name of MCP Apps among the extensions of MCP. */
const EXTENSION = "io.modelcontextprotocol/ui";

/** The media type of a view. */
const VIEW_TYPE = "text/html;profile=mcp-app";

/** Returns whether a client declares that it shows views (MCP Apps), and of the kind that this server has. */
export function showsViews({ extensions }: JsonObject): boolean {
  const settings = isObject(extensions) ? extensions[EXTENSION] : undefined;
  const types = isObject(settings) ? settings.mimeTypes : undefined;
  return Array.isArray(types) && types.includes(VIEW_TYPE);
}

/** Describes a tool with the view that the client is to open with its results, if that can be read. */
export function withView(
  { description, view }: ToolEntry,
  { on }: ActiveResources,
): ToolDescription | ViewedTool {
  const isOn = on.some((entry) => entry.description.uri === view);
  if (view === undefined || !isOn) return description;
  return { ...description, _meta: { ui: { resourceUri: view } } };
}

/** A tool with a view, as `tools/list` returns it. */
interface ViewedTool extends ToolDescription {
  readonly _meta: { readonly ui: { readonly resourceUri: string } };
}
