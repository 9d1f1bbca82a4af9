import type { Resource } from "./resource.ts";

/** A resource or template as `resources/list` and `resources/templates/list` return it: plain data. */
export interface ResourceDescription {
  /** URI, or template of URIs. */
  readonly uri: string;
  /** Short name. */
  readonly name: string;
  /** Title for the user. */
  readonly title: string;
  /** What it shows. */
  readonly description: string;
  /** Media type of the text. */
  readonly mimeType: string;
  /** Audience and importance. */
  readonly annotations: {
    /** Absent: for both. */
    readonly audience?: readonly ("user" | "assistant")[] | undefined;
    /** 0 to 1. */
    readonly priority: number;
  };
  /** Size of the text in bytes. Absent: it varies. */
  readonly size?: number | undefined;
  /** Facts for extensions of MCP. */
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
}

/** A resource before its first read: what selects and lists it, and a way to load it. */
export interface ResourceEntry {
  /** The resource as it is listed. */
  readonly description: ResourceDescription;
  /** Whether lists name it. Absent: true. */
  readonly isListed?: boolean | undefined;
  /** Names of its variables; empty if it is not a template. */
  readonly variables: readonly string[];
  /** Names of the tools that it needs. */
  readonly tools: readonly string[];
  /** Loads the resource. */
  load(): Promise<Resource>;
}

/** Returns the entry of a resource that is loaded. */
export function resourceEntryOf(resource: Resource): ResourceEntry {
  const { uri, name, title, description, mimeType, audience, priority, size, meta } = resource;
  return {
    description: {
      uri,
      name,
      title,
      description,
      mimeType,
      annotations: { audience, priority },
      size,
      _meta: meta,
    },
    isListed: resource.isListed,
    variables: Object.keys(resource.variables),
    tools: resource.tools,
    load: () => Promise.resolve(resource),
  };
}
