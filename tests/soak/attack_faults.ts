/** What hostile text must not have come to. @module */
import { visible } from "../../client/internal.ts";

/** Returns what is wrong with a request for what a text is to name. */
export function pathFault({ path }: { readonly path: string }): string | undefined {
  const [before = ""] = path.split("?", 1);
  const isClean = before.split("/").every((segment) => {
    const name = decodeURIComponent(segment);
    return name !== ".." && name !== "." && !name.includes("/");
  });
  return isClean && /^[\x21-\x7e]+$/.test(path) ? undefined : `the daemon was asked for ${path}`;
}

/** What a server has written. */
export interface Shown {
  /** Its messages. */
  readonly messages: readonly {
    readonly params?: unknown;
    readonly result?: unknown;
    readonly error?: unknown;
  }[];
  /** Its log. */
  readonly stderr: string;
}

/** Returns the texts of the output that are not shown harmlessly. */
export function unclean({ messages, stderr }: Shown): readonly string[] {
  const texts = messages.flatMap(({ params, result, error }) => textsIn([params, result, error]));
  return [...texts, ...stderr.split("\n")].filter((text) => {
    const plain = text.replaceAll(/[\n\t]/g, "");
    return visible(plain) !== plain.replaceAll(/\\(?=u\{)/g, "\\u{5c}");
  }).map((text) => JSON.stringify(text.slice(0, 200)));
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}
