/** The table of containers. @module */
import { formatBytes } from "../../text/format.ts";
import { element, setText } from "./dom.ts";
import { keyOf, type ShownContainer } from "./fleet_data.ts";
import type { Row } from "./row_order.ts";

/** Shares of a limit at which a bar changes color. */
const HIGH = 0.8;
const FULL = 0.95;

/** The rows of the table. A refresh reuses them, so that the focus stays. */
export class FleetTable {
  readonly #body: HTMLElement;
  readonly #rows = new Map<string, TableRow>();
  readonly #onOpen: (container: ShownContainer) => void;

  /** @param onOpen Called with the container whose button was pressed */
  constructor(body: HTMLElement, onOpen: (container: ShownContainer) => void) {
    this.#body = body;
    this.#onOpen = onOpen;
    body.addEventListener("keydown", (event) => this.#move(event));
  }

  /** Shows exactly these rows, in this order. */
  show(rows: readonly Row[], openKey: string | undefined): void {
    const hasSeveralHosts = new Set(rows.map(({ container }) => container.backend)).size > 1;
    const shown = rows.map((row) => {
      const key = keyOf(row.container);
      const known = this.#rows.get(key) ?? new TableRow(this.#onOpen);
      this.#rows.set(key, known);
      known.show(row, key === openKey, hasSeveralHosts);
      return known;
    });
    const wanted = new Set(shown);
    for (const [key, row] of this.#rows) {
      if (wanted.has(row)) continue;
      row.element.remove();
      this.#rows.delete(key);
    }
    // Moving a row would drop its focus, so a row that is in place stays untouched.
    shown.forEach(({ element }, at) => {
      if (this.#body.children[at] !== element) {
        this.#body.insertBefore(element, this.#body.children[at] ?? null);
      }
    });
  }

  /** Moves the focus to the button of a container, if it is shown. */
  focus(key: string): void {
    this.#rows.get(key)?.button.focus();
  }

  /** Moves the focus between containers with the arrow keys. */
  #move(event: KeyboardEvent): void {
    const buttons = [...this.#body.querySelectorAll("button")];
    const at = buttons.findIndex((button) => button === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    const next = to === undefined || at < 0 ? undefined : buttons[to];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  }
}

class TableRow {
  readonly element: HTMLTableRowElement;
  readonly button: HTMLButtonElement = element("button", { class: "name" });
  readonly #state = element("td");
  readonly #cpu = new Bar();
  readonly #memory = new Bar();
  readonly #disk = new Bar();
  readonly #address = element("td", { class: "address" });
  #container: ShownContainer | undefined;

  constructor(onOpen: (container: ShownContainer) => void) {
    const bars = [this.#cpu, this.#memory, this.#disk];
    this.element = element(
      "tr",
      {},
      element("th", { scope: "row" }, this.button),
      this.#state,
      ...bars.map(({ cell }) => cell),
      this.#address,
    );
    this.button.type = "button";
    this.button.addEventListener("click", () => {
      if (this.#container !== undefined) onOpen(this.#container);
    });
  }

  show({ container, usage }: Row, isOpen: boolean, withHost: boolean): void {
    this.#container = container;
    const { username, backend, state, address, cores, diskLimit } = container;
    const memoryLimit = usage?.memoryLimit ?? container.memoryLimit;
    setText(
      this.button,
      withHost && backend !== undefined ? `${username} on ${backend}` : username,
    );
    this.button.setAttribute("aria-expanded", String(isOpen));
    setText(this.#state, state);
    this.#state.className = state === "running" ? "running" : "";
    setText(this.#address, address ?? "");
    if (state !== "running") {
      this.#cpu.clear();
      this.#memory.clear();
    } else {
      this.#cpu.show(cpuWords(usage?.cpuPercent, cores), usage?.cpuPercent, cores && 100 * cores);
      this.#memory.show(
        sizeWords(usage?.memoryBytes, memoryLimit),
        usage?.memoryBytes,
        memoryLimit,
      );
    }
    this.#disk.show(sizeWords(usage?.diskBytes, diskLimit), usage?.diskBytes, diskLimit);
  }
}

/** Formats CPU in percent of the limit or, without one, of a core. */
function cpuWords(percent: number | undefined, cores: number | undefined): string | undefined {
  if (percent === undefined) return undefined;
  if (cores === undefined) return `${Math.round(percent)} % of a core`;
  return `${Math.round(percent / cores)} % of ${cores} core${cores === 1 ? "" : "s"}`;
}

function sizeWords(bytes: number | undefined, limit: number | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  return limit === undefined
    ? formatBytes(bytes)
    : `${formatBytes(bytes)} of ${formatBytes(limit)}`;
}

/** A cell with a bar, and its value as text. */
class Bar {
  readonly cell: HTMLTableCellElement;
  readonly #fill = element("span");
  readonly #words = element("span", { class: "words" });

  constructor() {
    const bar = element("span", { class: "bar", "aria-hidden": "true" }, this.#fill);
    this.cell = element("td", { class: "use" }, bar, this.#words);
  }

  clear(): void {
    this.show(undefined, undefined, undefined);
  }

  show(words: string | undefined, used: number | undefined, limit: number | undefined): void {
    const share = Math.min(1, used === undefined || limit === undefined ? 0 : used / limit);
    this.#fill.style.inlineSize = `${(100 * share).toFixed(1)}%`;
    this.#fill.className = share >= FULL ? "full" : share >= HIGH ? "high" : "";
    setText(this.#words, words ?? "–");
  }
}
