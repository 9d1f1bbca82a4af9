/** Details of one container: facts, actions, log and terminal. @module */
import { element, find, findButton, isUsable, setText, setUsable } from "./dom.ts";
import { keyOf, type ShownContainer } from "./fleet_data.ts";
import type { HostLink } from "./host_link.ts";
import { LogTail } from "./log_tail.ts";
import { ScreenPane } from "./screen_pane.ts";

/** Actions on a container, by tool. */
const actions: Readonly<Record<string, { readonly doing: string; readonly when: RegExp }>> = {
  "start_container": { doing: "Starting", when: /^(stopped|frozen|failed)$/ },
  "stop_container": { doing: "Stopping", when: /^(running|frozen)$/ },
  "restart_container": { doing: "Restarting", when: /^running$/ },
  "create_snapshot": { doing: "Taking a snapshot of", when: /^(running|stopped|frozen)$/ },
};

/** What the pane gets from the view. */
export interface DetailOptions {
  /** Calls tools. */
  readonly host: HostLink;
  /** Names of the tools that can be called. */
  readonly tools: ReadonlySet<string>;
  /** Announces a text to screen readers. */
  readonly say: (text: string) => void;
  /** Shows an error. */
  readonly fail: (text: string) => void;
  /** Called when something may have changed. */
  readonly onChange: () => void;
  /** Called after the pane was closed, with the key of the container that it showed. */
  readonly onClose: (key: string) => void;
}

/** The pane with one container's details. */
export class DetailPane {
  readonly #options: DetailOptions;
  readonly #pane = find("detail", HTMLElement);
  readonly #heading = find("detail-name", HTMLHeadingElement);
  readonly #facts = find("facts", HTMLElement);
  readonly #buttons = new Map<string, HTMLButtonElement>();
  readonly #log: LogTail;
  readonly #screen: ScreenPane;
  #shown: ShownContainer | undefined;
  /** Usernames of the containers with an action in progress. */
  readonly #busy = new Set<string>();

  /** @param options What the pane gets from the view */
  constructor(options: DetailOptions) {
    this.#options = options;
    const { host, tools, say, fail } = options;
    for (const name of Object.keys(actions)) {
      const button = findButton(name);
      button.hidden = !tools.has(name);
      button.addEventListener("click", () => void this.#act(name, button));
      this.#buttons.set(name, button);
    }
    this.#log = new LogTail(host, find("log", HTMLElement), find("log-note", HTMLElement));
    this.#screen = new ScreenPane(host, say, fail);
    find("log-part", HTMLElement).hidden = !tools.has("get_logs");
    find("terminal-part", HTMLElement).hidden = !(
      tools.has("open_terminal") && tools.has("send_to_terminal") && tools.has("close_terminal")
    );
    const open = findButton("open-terminal");
    open.addEventListener("click", () => {
      if (this.#shown !== undefined && isUsable(open)) void this.#screen.open(this.#shown.username);
    });
    findButton("close-detail").addEventListener("click", () => this.close());
    this.#pane.addEventListener("keydown", ({ key, target }) => {
      // In the terminal's input, Escape goes to the terminal.
      if (key === "Escape" && !(target instanceof HTMLInputElement)) this.close();
    });
  }

  /** Key of the container that is shown, if any. */
  get key(): string | undefined {
    return this.#shown === undefined ? undefined : keyOf(this.#shown);
  }

  /** Shows a container, and moves the focus to it. */
  open(container: ShownContainer): void {
    if (this.key !== keyOf(container)) {
      void this.#screen.close();
      this.#log.clear("Reading the log…");
    }
    this.show(container);
    this.#pane.hidden = false;
    this.#heading.focus();
    void this.refreshLog();
  }

  /** Updates the container that is shown. */
  show(container: ShownContainer): void {
    const before = this.#shown;
    this.#shown = container;
    setText(this.#heading, `${container.username}-container`);
    const facts = container.facts.flatMap(([name, value]) => [
      element("dt", {}, name),
      element("dd", {}, value),
    ]);
    this.#facts.replaceChildren(...facts);
    this.#arrange();
    if (before?.username === container.username && before.state !== container.state) {
      this.#options.say(`${container.username}-container is ${container.state}`);
      void this.refreshLog();
    }
  }

  /** Reads the log of the container that is shown. */
  async refreshLog(): Promise<void> {
    const { host, tools } = this.#options;
    const shown = this.#shown;
    if (shown === undefined || !tools.has("get_logs") || !host.callsTools) return;
    if (shown.state !== "running") return this.#log.clear("It has no log while it is not running.");
    const isWanted = () => this.#shown?.username === shown.username;
    await this.#log.refresh(shown.username, isWanted)
      .catch((error: Error) => isWanted() && this.#log.clear(error.message));
  }

  /** Closes the pane, and the terminal in it. */
  close(): void {
    const { key } = this;
    if (key === undefined) return;
    this.#shown = undefined;
    this.#pane.hidden = true;
    void this.#screen.close();
    this.#options.onClose(key);
  }

  /** Closes the terminal, if there is one. */
  async closeTerminal(): Promise<void> {
    await this.#screen.close();
  }

  async #act(tool: string, button: HTMLButtonElement): Promise<void> {
    const { host, say, fail, onChange } = this.#options;
    const username = this.#shown?.username;
    if (username === undefined || !isUsable(button)) return;
    this.#busy.add(username);
    this.#arrange();
    say(`${actions[tool]?.doing} ${username}-container…`);
    try {
      const { isError, text } = await host.callTool(tool, { username });
      const [headline = ""] = text.split("\n");
      say(isError ? "" : headline);
      if (isError) fail(text);
    } catch (error) {
      say("");
      fail(error instanceof Error ? error.message : String(error));
    } finally {
      this.#busy.delete(username);
      this.#arrange();
      onChange();
    }
  }

  /** Enables only the buttons that apply to the container's state. */
  #arrange(): void {
    const shown = this.#shown;
    if (shown === undefined) return;
    const isFree = this.#options.host.callsTools && !this.#busy.has(shown.username);
    for (const [name, button] of this.#buttons) {
      setUsable(button, isFree && actions[name]?.when.test(shown.state) === true);
    }
    setUsable(
      findButton("open-terminal"),
      this.#options.host.callsTools && shown.state === "running",
    );
  }
}
