/** A terminal in a container: its screen, an input line, and keys. @module */
import { find, findButton, setText, setUsable } from "./dom.ts";
import type { HostLink, ToolAnswer } from "./host_link.ts";
import { type Fields, textOf } from "./json_fields.ts";
import { unfenced } from "./unfenced.ts";

const COLS = 100;
const ROWS = 24;
/** Interval at which the screen is read while output may still arrive. */
const LOOK_MS = 2_000;
/** How long after the last key output may still arrive. */
const MAX_IDLE_MS = 60_000;
/** Maximum length of the scrollback. */
const MAX_SCROLLED_LINES = 1_000;
/** Maximum number of new lines that screen readers announce. */
const READ_LINES = 5;

/** A terminal in a container. */
export class ScreenPane {
  readonly #host: HostLink;
  readonly #say: (text: string) => void;
  readonly #fail: (text: string) => void;
  readonly #screen = find("screen", HTMLPreElement);
  /** Not a form: hosts may forbid the view to submit one. */
  readonly #typing = find("typing", HTMLElement);
  readonly #heard = find("heard", HTMLElement);
  readonly #line = find("line", HTMLInputElement);
  readonly #open = findButton("open-terminal");
  readonly #close = findButton("close-terminal");
  #id: string | undefined;
  #scrolled: string[] = [];
  #lastKey = 0;
  /** Number of the latest request: responses to earlier ones are dropped. */
  #turn = 0;
  #isBusy = false;
  #sending: Promise<void> = Promise.resolve();

  /**
   * @param say Announces a text to screen readers
   * @param fail Shows an error
   */
  constructor(host: HostLink, say: (text: string) => void, fail: (text: string) => void) {
    this.#host = host;
    this.#say = say;
    this.#fail = fail;
    this.#close.addEventListener("click", () => {
      void this.close();
      this.#open.focus();
    });
    this.#line.addEventListener("keydown", ({ key, isComposing }) => {
      if (key === "Enter" && !isComposing) this.#enter();
    });
    findButton("send").addEventListener("click", () => this.#enter());
    for (const button of this.#typing.querySelectorAll("button")) {
      const { key } = button.dataset;
      if (key !== undefined) button.addEventListener("click", () => this.#send({ keys: [key] }));
    }
    setInterval(() => {
      if (this.#id === undefined || document.hidden) return;
      if (Date.now() - this.#lastKey < MAX_IDLE_MS) void this.#send({ "wait_seconds": 0 });
    }, LOOK_MS);
  }

  /** Opens a terminal in a container. */
  async open(username: string): Promise<void> {
    const turn = ++this.#turn;
    setUsable(this.#open, false);
    this.#say(`Opening a terminal in ${username}-container`);
    try {
      const answer = await this.#host.callTool("open_terminal", {
        username,
        cols: COLS,
        rows: ROWS,
      });
      const id = textOf(answer.facts.terminal_id);
      if (answer.isError || id === undefined) return this.#fail(answer.text);
      if (turn !== this.#turn) return void this.#end(id);
      this.#id = id;
      this.#scrolled = [];
      this.#lastKey = Date.now();
      this.#show(answer);
      this.#line.focus();
    } catch (error) {
      this.#fail(String(error));
    } finally {
      this.#say("");
      setUsable(this.#open, true);
    }
  }

  /** Closes the terminal, if there is one. */
  async close(): Promise<void> {
    const id = this.#id;
    this.#turn++;
    this.#id = undefined;
    this.#screen.textContent = "";
    this.#scrolled = [];
    this.#arrange();
    if (id !== undefined) await this.#end(id);
  }

  async #end(id: string): Promise<void> {
    // A terminal that cannot be closed ends by itself once it is idle.
    await this.#host.callTool("close_terminal", { "terminal_id": id }).catch(() => {});
  }

  /** Sends the line, followed by Enter. */
  #enter(): void {
    const text = this.#line.value;
    this.#line.value = "";
    void this.#send({ text: `${text}\n` });
  }

  /** Sends text or keys, one request at a time, or only reads the screen. */
  #send(what: Fields): Promise<void> {
    const isLook = !("text" in what || "keys" in what);
    if (isLook && this.#isBusy) return this.#sending;
    if (!isLook) this.#lastKey = Date.now();
    return this.#sending = this.#sending.then(() => this.#exchange(what));
  }

  async #exchange(what: Fields): Promise<void> {
    const id = this.#id;
    const turn = this.#turn;
    if (id === undefined) return;
    this.#isBusy = true;
    try {
      const answer = await this.#host.callTool("send_to_terminal", { "terminal_id": id, ...what });
      if (turn === this.#turn) this.#show(answer);
    } catch (error) {
      this.#fail(String(error));
    } finally {
      this.#isBusy = false;
    }
  }

  #show({ facts, text, isError }: ToolAnswer): void {
    if (isError) {
      this.#fail(text);
      return void this.close();
    }
    const before = new Set((this.#screen.textContent ?? "").split("\n"));
    const scrolled = unfenced(textOf(facts.scrolled) ?? "");
    if (scrolled !== "") this.#scrolled.push(...scrolled.split("\n"));
    this.#scrolled.splice(0, this.#scrolled.length - MAX_SCROLLED_LINES);
    const screen = unfenced(textOf(facts.screen) ?? "").split("\n");
    // A full-screen program replaces what was shown before.
    const lines = facts.full_screen === true ? screen : [...this.#scrolled, ...screen];
    setText(this.#screen, lines.join("\n"));
    this.#screen.scrollTop = this.#screen.scrollHeight;
    const news = lines.filter((line) => line.trim() !== "" && !before.has(line));
    if (news.length > 0) setText(this.#heard, news.slice(-READ_LINES).join("\n"));
    if (facts.ended === true) {
      this.#say(`The terminal has ended: ${textOf(facts.end_reason) ?? ""}`);
      this.#id = undefined;
    }
    this.#arrange();
  }

  /** Enables the controls that apply. */
  #arrange(): void {
    const isOpen = this.#id !== undefined;
    this.#open.hidden = isOpen;
    this.#close.hidden = !isOpen;
    this.#typing.hidden = !isOpen;
    // The last screen of an ended terminal stays readable.
    this.#screen.hidden = !isOpen && this.#screen.textContent === "";
  }
}
