import type { Effect } from "./tool.ts";

const box = "M8 14 24 6l16 8v20l-16 8-16-8zM8 14l16 8 16-8M24 22v20";

const strokes: Readonly<Record<Effect, string>> = {
  read: "#2563eb",
  write: "#15803d",
  destroy: "#b91c1c",
};

/** Returns a tool's icon: a box, blue for reading, green for writing, red for destroying. */
export function iconOf(
  effect: Effect,
): { readonly src: string; readonly mimeType: string; readonly sizes: readonly string[] } {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><path d="${box}" ` +
    `fill="none" stroke="${strokes[effect]}" stroke-width="3" stroke-linejoin="round"/></svg>`;
  return {
    src: `data:image/svg+xml;base64,${btoa(svg)}`,
    mimeType: "image/svg+xml",
    sizes: ["any"],
  };
}
