/** The newest lines of a container's log. @module */
import { element } from "./dom.ts";
import type { HostLink } from "./host_link.ts";
import { type Fields, listOf, textOf } from "./json_fields.ts";

const LINES = 100;
const bad: readonly string[] = ["emerg", "alert", "crit", "err"];

/** The newest lines of a container's log. */
export class LogTail {
  readonly #host: HostLink;
  readonly #list: HTMLElement;
  readonly #note: HTMLElement;

  /**
   * @param list Element for the lines
   * @param note Element for what is missing
   */
  constructor(host: HostLink, list: HTMLElement, note: HTMLElement) {
    this.#host = host;
    this.#list = list;
    this.#note = note;
  }

  /** Clears the list. */
  clear(note: string): void {
    this.#list.replaceChildren();
    this.#note.textContent = note;
  }

  /**
   * Reads the log and shows it.
   *
   * @param isWanted Returns whether the log is still of interest once it was read
   */
  async refresh(username: string, isWanted: () => boolean): Promise<void> {
    const answer = await this.#host.callTool("get_logs", { username, lines: LINES });
    if (!isWanted()) return;
    if (answer.isError) return this.clear(answer.text);
    const entries = listOf(answer.facts.entries);
    const isAtEnd = this.#list.scrollTop + this.#list.clientHeight >= this.#list.scrollHeight - 8;
    this.#list.replaceChildren(...entries.map(lineOf));
    this.#note.textContent = textOf(answer.facts.partial) ??
      (entries.length === 0 ? "The log is empty." : "");
    if (isAtEnd) this.#list.scrollTop = this.#list.scrollHeight;
  }
}

function lineOf(entry: Fields): HTMLLIElement {
  const priority = textOf(entry.priority) ?? "";
  const time = textOf(entry.time)?.replace("T", " ").replace(/(\.\d+)?Z$/, "") ?? "";
  const from = textOf(entry.unit) ?? textOf(entry.identifier) ?? "";
  return element(
    "li",
    { class: bad.includes(priority) ? "bad" : undefined },
    ...[time, from, bad.includes(priority) ? priority : ""].filter((part) => part !== "")
      .map((part) => element("span", { class: "part" }, `${part} `)),
    textOf(entry.message) ?? "",
  );
}
