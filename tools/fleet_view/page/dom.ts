/** Creates and finds elements. Strings become text nodes: nothing here parses HTML. @module */

/** Attributes that an element may get: none that runs or loads anything. */
export interface Attributes {
  /** Classes. */
  readonly class?: string | undefined;
  /** Whether a header cell heads a row or a column. */
  readonly scope?: "row" | undefined;
  /** Accessible name, read in place of the text. */
  readonly "aria-label"?: string | undefined;
  /** Whether screen readers skip it. */
  readonly "aria-hidden"?: "true" | undefined;
}

/** Creates an element. A string among the children becomes a text node, whatever it contains. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/**
 * Finds an element of the page.
 *
 * @throws {Error} If the page has no such element
 */
export function find<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no #${id}`);
  return found;
}

/** Finds a button of the page. */
export function findButton(id: string): HTMLButtonElement {
  return find(id, HTMLButtonElement);
}

/** Sets a text if it differs: screen readers may announce an unchanged text again. */
export function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** Enables or disables a button. A disabled one keeps the focus, and screen readers still find it. */
export function setUsable(button: HTMLButtonElement, isUsable: boolean): void {
  button.setAttribute("aria-disabled", String(!isUsable));
}

/** Returns whether a button is enabled. */
export function isUsable(button: HTMLButtonElement): boolean {
  return button.getAttribute("aria-disabled") !== "true";
}
