/** Makes and finds elements. Text only ever becomes text: nothing here parses HTML. @module */

/** What an element may be given besides its text: nothing that runs or loads anything. */
export interface Attributes {
  /** Classes. */
  readonly class?: string | undefined;
  /** What a header cell is the header of. */
  readonly scope?: "row" | undefined;
  /** What is read in place of the text. */
  readonly "aria-label"?: string | undefined;
  /** Whether it is only to look at. */
  readonly "aria-hidden"?: "true" | undefined;
}

/** Makes an element. A text among the children is text, whatever it holds. */
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
 * @throws {Error} If the page has none of this kind
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

/** Sets a text, if it is another one: screen readers may read what is set again. */
export function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** Says whether a button can be used. It keeps the focus, and screen readers find it either way. */
export function setUsable(button: HTMLButtonElement, isUsable: boolean): void {
  button.setAttribute("aria-disabled", String(!isUsable));
}

/** Whether a button can be used. */
export function isUsable(button: HTMLButtonElement): boolean {
  return button.getAttribute("aria-disabled") !== "true";
}
