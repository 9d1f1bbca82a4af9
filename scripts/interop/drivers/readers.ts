/** What both official TypeScript clients read alike. @module */
import type { Official } from "./driver.ts";

/** The methods that have the same names in both. */
export interface Reading {
  listResources(): Promise<{ readonly resources: readonly { readonly uri: string }[] }>;
  listResourceTemplates(): Promise<
    { readonly resourceTemplates: readonly { readonly uriTemplate: string }[] }
  >;
  readResource(params: { uri: string }): Promise<unknown>;
  getPrompt(params: { name: string; arguments: Record<string, string> }): Promise<unknown>;
  complete(
    params: {
      ref: { type: "ref/resource"; uri: string };
      argument: { name: string; value: string };
    },
  ): Promise<{ readonly completion: { readonly values: readonly string[] } }>;
  close(): Promise<void>;
}

/** Returns how a client reads. */
export function readersOf(
  client: Reading,
): Omit<Official, "revision" | "callTool" | "subscribe"> {
  return {
    listResources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    listTemplates: async () =>
      (await client.listResourceTemplates()).resourceTemplates
        .map(({ uriTemplate }) => uriTemplate),
    readResource: (uri) => client.readResource({ uri }),
    getPrompt: (name, args) => client.getPrompt({ name, arguments: { ...args } }),
    complete: async (uri, name, value) => {
      const ref = { type: "ref/resource", uri } as const;
      return (await client.complete({ ref, argument: { name, value } })).completion.values;
    },
    close: () => client.close(),
  };
}
