import type { Resource } from "./resource.ts";

/** A resource or template as `resources/list` and `resources/templates/list` return it: plain data. */
export interface ResourceDescription {
  /** Its address, or the template of addresses. */
  readonly uri: string;
  /** Short name. */
  readonly name: string;
  /** Title for the user. */
  readonly title: string;
  /** What it shows. */
  readonly description: string;
  /** Media type of the text. */
  readonly mimeType: string;
  /** Whom it is for, and how much it matters. */
  readonly annotations: {
    /** Absent: for both. */
    readonly audience?: readonly ("user" | "assistant")[] | undefined;
    /** 0 to 1. */
    readonly priority: number;
  };
  /** Bytes of the text. Absent: it varies. */
  readonly size?: number | undefined;
  /** What extensions of MCP say of it. */
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
}

/** A resource before it is first read: what it is chosen and listed by, and a way to load what reads it. */
export interface ResourceEntry {
  /** The resource as it is listed. */
  readonly description: ResourceDescription;
  /** Whether lists name it. Absent: true. */
  readonly isListed?: boolean | undefined;
  /** The names of its variables; none of one that is no template. */
  readonly variables: readonly string[];
  /** Names of the tools that it is on with. */
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
