/** Theme and size of the view, as the host requests. @module */
import { type Fields, fieldsOf, textOf } from "./json_fields.ts";

/** Applies the host's theme; what the host omits follows the system's light or dark mode. */
export function applyLooks(context: Fields): void {
  const { style } = document.documentElement;
  if (context.theme === "light" || context.theme === "dark") style.colorScheme = context.theme;
  for (const [name, value] of Object.entries(fieldsOf(fieldsOf(context.styles).variables))) {
    const text = textOf(value);
    if (name.startsWith("--") && text !== undefined) style.setProperty(name, text);
  }
  const { maxHeight } = fieldsOf(context.containerDimensions);
  if (typeof maxHeight === "number") style.maxHeight = `${maxHeight}px`;
}

/** Reports the size of the page whenever it changes. */
export function watchSize(onSize: (width: number, height: number) => void): void {
  new ResizeObserver(() => {
    const { width, height } = document.documentElement.getBoundingClientRect();
    onSize(Math.ceil(width), Math.ceil(height));
  }).observe(document.documentElement);
}
