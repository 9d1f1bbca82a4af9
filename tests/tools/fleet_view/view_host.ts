/**
 * A small host of MCP Apps: a page in Chromium that shows the view in a sandboxed frame of another origin
 * and forwards its calls to the real server process. The official library talks to the view.
 *
 * @module
 */
import type { Browser, FrameLocator, Page } from "playwright-core";
import { fleetViewUri } from "../../../tools/fleet_view/fleet_view_uri.ts";
import { connectProcess, type ProcessSession, RpcFailure, type Target } from "../../connect.ts";
import { findTool } from "../../daemon/scratch_tools.ts";
import type { Daemon } from "../../daemon/mod.ts";
import { type Named, unless } from "../../needs.ts";
import { bundleBridge } from "./official_bridge.ts";

/** What a host with MCP Apps declares. */
export const appsCapabilities = {
  elicitation: {},
  extensions: { "io.modelcontextprotocol/ui": { mimeTypes: ["text/html;profile=mcp-app"] } },
};

/** The content security policy of a host for a view that declares nothing, verbatim. */
const policy = "default-src 'none'; script-src 'self' 'unsafe-inline'; " +
  "style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' data:; " +
  "connect-src 'none'; frame-src 'none'; object-src 'none'; base-uri 'self'";

const names = ["chromium", "chromium-browser", "google-chrome"];
const executablePath = names.map(findTool).find((path) => path !== undefined);

/** Built at load time, since esbuild's process outlives a test. */
const bridge = executablePath === undefined ? "" : await bundleBridge();

/** Names a test that needs a browser. */
export function needingChromium(name: string): Named {
  return unless(executablePath === undefined ? "no chromium" : undefined, name);
}

/** Starts a browser without network access. */
export async function launchChromium(): Promise<Browser> {
  if (executablePath === undefined) {
    throw new Error(`Cannot start a browser: no ${names[0]} on the PATH`);
  }
  // Playwright reads a file under /proc to detect WSL; Deno denies tests that.
  Deno.env.set("__IS_WSL_TEST__", "1");
  const { chromium } = await import("playwright-core");
  return await chromium.launch({
    executablePath,
    chromiumSandbox: false,
    args: [
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** How the view is opened. */
export interface ViewOptions {
  /** Flags of the server. @default {[]} */
  readonly args?: readonly string[];
  /** Page to show in place of the server's. */
  readonly html?: string | undefined;
  /** Variables of the server. */
  readonly env?: Readonly<Record<string, string>>;
  /** The call whose result the view shows. @default {list_containers} */
  readonly opening?: ToolCall;
  /** Capabilities of the host. @default {It calls tools} */
  readonly hostCapabilities?: Readonly<Record<string, unknown>>;
  /** Theme and sizes that the host sends. */
  readonly hostContext?: Readonly<Record<string, unknown>>;
  /** Color scheme of the system. @default {"light"} */
  readonly colorScheme?: "light" | "dark";
  /** Size of the window. */
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** A tool call by the view, or by the host to open it. */
export interface ToolCall {
  /** Name of the tool. */
  readonly name: string;
  /** Arguments. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** The calls that the host forwards, including its own that opens the view. */
class CallLog {
  readonly all: ToolCall[] = [];
  readonly #waiting = new Set<() => void>();

  add(call: ToolCall): void {
    this.all.push(call);
    for (const look of this.#waiting) look();
  }

  of(tool: string): readonly ToolCall["arguments"][] {
    return this.all.filter(({ name }) => name === tool).map(({ arguments: args }) => args);
  }

  /** Resolves once a tool was called this many times. */
  async whenCalled(tool: string, times: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => this.of(tool).length >= times && resolve();
    this.#waiting.add(look);
    look();
    await promise;
    this.#waiting.delete(look);
  }
}

/** A view that is open in a host. */
export class OpenView implements AsyncDisposable {
  /** The server. */
  readonly server: ProcessSession;
  /** The host's page. */
  readonly page: Page;
  /** Frame of the view. */
  readonly view: FrameLocator;
  /** The page as the server gave it. */
  readonly html: string;
  /** Calls so far. */
  readonly calls: CallLog;
  /** Console messages of the page, and the URLs it tried to load. */
  readonly complaints: string[];
  readonly #cleanup: AsyncDisposableStack;

  private constructor(
    parts: Pick<OpenView, "server" | "page" | "view" | "html" | "calls" | "complaints">,
    cleanup: AsyncDisposableStack,
  ) {
    ({
      server: this.server,
      page: this.page,
      view: this.view,
      html: this.html,
      calls: this.calls,
      complaints: this.complaints,
    } = parts);
    this.#cleanup = cleanup;
  }

  /** Opens the view of a daemon's containers. */
  static async open(
    browser: Browser,
    daemon: Daemon | Target,
    options: ViewOptions = {},
  ): Promise<OpenView> {
    const { args = [], env = {}, colorScheme = "light" } = options;
    await using cleanup = new AsyncDisposableStack();
    const server = cleanup.use(
      await connectProcess(daemon, { capabilities: appsCapabilities, args, env }),
    );
    const { html = await readView(server) } = options;
    const calls = new CallLog();
    const web = cleanup.use(serveHost(server, html, calls, options));
    const { viewport = { width: 900, height: 900 } } = options;
    const context = await browser.newContext({ colorScheme, viewport, reducedMotion: "reduce" });
    cleanup.defer(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      const { hostname } = new URL(request.url());
      if (hostname !== "127.0.0.1" && hostname !== "localhost") complaints.push(request.url());
    });
    await page.goto(`http://127.0.0.1:${web.addr.port}/`);
    const view = page.frameLocator("iframe");
    return new OpenView({ server, page, view, html, calls, complaints }, cleanup.move());
  }

  /** Closes the view, the host and the server. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanup.disposeAsync();
  }
}

/** Reads the page as a host does. */
async function readView(server: ProcessSession): Promise<string> {
  const { contents } = await server.request("resources/read", { uri: fleetViewUri });
  const [content] = Array.isArray(contents) ? contents : [];
  return content.text;
}

function serveHost(
  server: ProcessSession,
  html: string,
  calls: CallLog,
  options: ViewOptions,
): Deno.HttpServer<Deno.NetAddr> {
  const { opening = { name: "list_containers", arguments: {} }, hostContext = {} } = options;
  const { hostCapabilities = { serverTools: {} } } = options;
  const answer = async (request: Request): Promise<Response> => {
    const { pathname, port } = new URL(request.url);
    switch (pathname) {
      case "/":
        return page(await Deno.readTextFile(new URL("host_page.html", import.meta.url)));
      case "/bridge.js":
        return new Response(bridge, { headers: { "content-type": "text/javascript" } });
      case "/view":
        return page(html, { "content-security-policy": policy });
      case "/setup.json":
        return Response.json({
          view: `http://localhost:${port}/view`,
          opening,
          host: { capabilities: hostCapabilities, context: hostContext },
        });
      case "/rpc": {
        const { method, params } = await request.json();
        if (method === "tools/call") calls.add(params);
        return Response.json(await passOn(server, method, params));
      }
      default:
        return new Response(null, { status: 404 });
    }
  };
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
}

async function passOn(
  server: ProcessSession,
  method: string,
  params: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return { result: await server.request(method, params) };
  } catch (error) {
    if (!(error instanceof RpcFailure)) throw error;
    return { error: { code: error.code, message: error.message } };
  }
}

function page(html: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(html, {
    headers: { "content-type": "text/html; charset=utf-8", ...headers },
  });
}
