/** The view: rendering, refreshing and user input. @module */
import { DetailPane } from "./detail_pane.ts";
import { find, findButton, setText } from "./dom.ts";
import { keyOf, readContainers, type ShownContainer } from "./fleet_data.ts";
import { FleetTable } from "./fleet_table.ts";
import { HostLink, type ToolAnswer } from "./host_link.ts";
import { type Fields, numberOf, textOf } from "./json_fields.ts";
import { applyLooks, watchSize } from "./looks.ts";
import { type Order, orders, sortRows } from "./row_order.ts";
import { isMetrics, UsageHistory } from "./usage_history.ts";

const REFRESH_MS = 10_000;
const MAX_CONTAINERS = 500;
/** Arguments of list_containers that filter containers. */
const conditions = ["state", "labels", "backend", "pool"] as const;

/** The view. */
export class FleetView {
  readonly #host: HostLink;
  readonly #tools = new Set((document.documentElement.dataset.tools ?? "").split(" "));
  readonly #table: FleetTable;
  readonly #detail: DetailPane;
  readonly #usage = new UsageHistory();
  readonly #filter = find("filter", HTMLInputElement);
  readonly #count = find("count", HTMLElement);
  readonly #updated = find("updated", HTMLElement);
  #containers: readonly ShownContainer[] = [];
  #total = 0;
  #order: Order = "username";
  #chosen: Fields = {};
  #isPaused = false;
  /** Whether the view shows something newer than the result that opened it. */
  #isRefreshed = false;
  #refreshing: Promise<void> | undefined;
  #displayMode: string | undefined;

  constructor() {
    this.#host = new HostLink(parent, {
      onContext: (context) => this.#adapt(context),
      onToolInput: (args) => this.#choose(args),
      onToolResult: (answer) => this.#take(answer),
      onTeardown: () => this.#detail.closeTerminal(),
    });
    this.#table = new FleetTable(find("rows", HTMLElement), (container) => {
      if (keyOf(container) === this.#detail.key) return this.#detail.close();
      this.#detail.open(container);
      this.#draw();
    });
    this.#detail = new DetailPane({
      host: this.#host,
      tools: this.#tools,
      say: (text) => setText(find("status", HTMLElement), text),
      fail: (text) => this.#fail(text),
      onChange: () => void this.#refreshAnew(),
      onClose: (key) => {
        this.#draw();
        this.#table.focus(key);
      },
    });
    this.#filter.addEventListener("input", () => this.#draw());
    this.#wireSorting();
    this.#wireButtons();
  }

  /** Performs the handshake with the host, then refreshes periodically. */
  async start(): Promise<void> {
    await this.#host.open();
    watchSize((width, height) =>
      this.#host.notify("ui/notifications/size-changed", { width, height })
    );
    if (!this.#host.callsTools) {
      setText(this.#updated, "This host does not let the view refresh or change anything.");
      findButton("pause").hidden = true;
      return;
    }
    await this.refresh();
    const refresh = () => {
      if (!this.#isPaused && !document.hidden) void this.refresh();
    };
    setInterval(refresh, REFRESH_MS);
    document.addEventListener("visibilitychange", refresh);
  }

  /** Reads everything again; concurrent calls share one refresh. */
  refresh(): Promise<void> {
    return this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
  }

  /** Reads everything again, without joining a refresh that began earlier. */
  async #refreshAnew(): Promise<void> {
    await this.#refreshing;
    await this.refresh();
  }

  async #refresh(): Promise<void> {
    if (!this.#host.callsTools) return;
    try {
      const [listed, metrics] = await Promise.all([
        this.#host.callTool("list_containers", { ...this.#chosen, limit: MAX_CONTAINERS }),
        this.#tools.has("get_metrics") ? this.#host.callTool("get_metrics", {}) : undefined,
      ]);
      if (metrics?.isError === false) this.#usage.take(metrics.facts, performance.now());
      if (listed.isError) throw new Error(listed.text);
      this.#isRefreshed = true;
      this.#takeContainers(listed.facts);
      setText(this.#updated, `Updated ${new Date().toLocaleTimeString()}`);
      await this.#detail.refreshLog();
    } catch (error) {
      setText(this.#updated, "The data shown may be outdated.");
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  #take({ isError, text, facts }: ToolAnswer): void {
    if (isError) return this.#fail(text);
    if (isMetrics(facts)) {
      this.#usage.take(facts, performance.now());
      this.#draw();
    } else if (!this.#isRefreshed) this.#takeContainers(facts);
  }

  #takeContainers(answer: Fields): void {
    this.#containers = readContainers(answer);
    this.#total = numberOf(answer.total) ?? this.#containers.length;
    const shown = this.#containers.find((each) => keyOf(each) === this.#detail.key);
    if (shown !== undefined) this.#detail.show(shown);
    this.#draw();
  }

  #draw(): void {
    const words = this.#filter.value.toLowerCase().split(/\s+/);
    const rows = this.#containers.filter((container) => {
      const text = `${container.username} ${container.facts.flat().join(" ")}`.toLowerCase();
      return words.every((word) => text.includes(word));
    }).map((container) => ({ container, usage: this.#usage.of(container.username) }));
    this.#table.show(sortRows(rows, this.#order), this.#detail.key);
    const of = rows.length === this.#total ? "" : ` of ${this.#total}`;
    setText(this.#count, `${rows.length}${of} container${this.#total === 1 ? "" : "s"}`);
  }

  /** Shows the filters that the view was opened with. */
  #choose(args: Fields): void {
    this.#chosen = Object.fromEntries(
      conditions.flatMap((name) => args[name] === undefined ? [] : [[name, args[name]]]),
    );
    const username = textOf(args.username);
    if (username !== undefined) this.#filter.value = username;
    const names = Object.keys(this.#chosen);
    find("chosen", HTMLElement).hidden = names.length === 0;
    setText(
      find("chosen-words", HTMLElement),
      `Only: ${names.map((name) => `${name} ${JSON.stringify(this.#chosen[name])}`).join(", ")}`,
    );
    if (names.length > 0) void this.#refreshAnew();
  }

  #fail(text: string): void {
    setText(find("failure-text", HTMLElement), text);
    find("failure", HTMLElement).hidden = text === "";
  }

  #adapt(context: Fields): void {
    applyLooks(context);
    const modes = context.availableDisplayModes;
    const full = findButton("fullscreen");
    if (Array.isArray(modes)) full.hidden = !modes.includes("fullscreen");
    this.#displayMode = textOf(context.displayMode) ?? this.#displayMode;
    full.setAttribute("aria-pressed", String(this.#displayMode === "fullscreen"));
  }

  #wireSorting(): void {
    for (const order of orders) {
      const button = findButton(`by-${order}`);
      button.addEventListener("click", () => {
        this.#order = order;
        for (const each of orders) {
          const head = findButton(`by-${each}`).parentElement;
          if (each !== order) head?.removeAttribute("aria-sort");
          else {
            const isName = each === "username" || each === "state";
            head?.setAttribute("aria-sort", isName ? "ascending" : "descending");
          }
        }
        this.#draw();
      });
    }
  }

  #wireButtons(): void {
    const pause = findButton("pause");
    pause.addEventListener("click", () => {
      this.#isPaused = !this.#isPaused;
      pause.setAttribute("aria-pressed", String(this.#isPaused));
    });
    findButton("refresh").addEventListener("click", () => void this.refresh());
    findButton("dismiss").addEventListener("click", () => this.#fail(""));
    findButton("show-all").addEventListener("click", () => {
      this.#choose({});
      void this.#refreshAnew();
    });
    findButton("fullscreen").addEventListener("click", async () => {
      const wanted = this.#displayMode === "fullscreen" ? "inline" : "fullscreen";
      const displayMode = await this.#host.requestDisplay(wanted).catch(() => undefined);
      this.#adapt({ displayMode });
    });
  }
}

await new FleetView().start();
