import { isLoopback } from "../auth/server_url.ts";
import { Token } from "../auth/token.ts";
import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError } from "../errors.ts";
import { Utf8Decoder } from "../text/utf8_decoder.ts";
import { FetchTransport } from "../transport/fetch.ts";
import { hostAndPort } from "../transport/host_and_port.ts";
import type { Incoming } from "../transport/transport.ts";
import { version } from "../transport/version.ts";
import { type JsonObject, readFlag, readList, readNumber, readObject, readText } from "../wire.ts";

/** How to reach GitHub. */
export interface GitHubOptions {
  /** Token that may manage self-hosted runners. It is sent to `apiUrl` only. */
  readonly token: string;
  /**
   * Address of GitHub's API: of a GitHub Enterprise Server, `https://HOST/api/v3`.
   *
   * @default {"https://api.github.com"}
   */
  readonly apiUrl?: string | undefined;
}

/** A self-hosted runner that GitHub knows. */
export interface GitHubRunner {
  /** Its number at GitHub. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
  /** Whether it is connected. */
  readonly isOnline: boolean;
  /** Whether it runs a job. */
  readonly isBusy: boolean;
}

/** The runner's program for one architecture. */
export interface RunnerDownload {
  /** `x64` or `arm64`. */
  readonly architecture: string;
  /** Where it is. */
  readonly url: string;
  /** Its SHA-256, in hex. */
  readonly sha256: string;
}

/** Where GitHub's API is, but for a server of one's own. */
export const publicApi = "https://api.github.com";
const MAX_BYTES = 2 * 1024 * 1024;
const TIMEOUT_MS = 30_000;
const PAGE = 100;
/** GitHub's own maximum is 10,000 runners. */
const MAX_PAGES = 20;

/** What of GitHub's API concerns self-hosted runners of a repository (`owner/name`) or an organization. */
export class GitHub {
  readonly #token: Token;
  readonly #api: URL;
  readonly #keepSecret: (value: string) => void;

  /**
   * Sends nothing.
   *
   * @param options Token and address
   * @param keepSecret Takes a value out of logs and errors from then on
   * @throws {ContainariumError} `invalid_argument` for an address that is not https, or no token
   */
  constructor(options: GitHubOptions, keepSecret: (value: string) => void) {
    this.#token = new Token(options.token);
    this.#api = parseApiUrl(options.apiUrl ?? publicApi);
    this.#keepSecret = keepSecret;
    keepSecret(options.token);
  }

  /** Address at which runners register: `https://github.com/acme/shop`. */
  pageOf(target: string): string {
    const { protocol, host, origin, pathname } = this.#api;
    // GitHub itself and GHE.com have their API at a host of its own, a server of one's own below a path.
    const isOwnHost = pathname === "/" && /^api\.(?:github\.com|[\w-]+\.ghe\.com)$/.test(host);
    return `${isOwnHost ? `${protocol}//${host.replace("api.", "")}` : origin}/${target}`;
  }

  /**
   * Makes a token with which runners can register for an hour.
   *
   * @throws {ContainariumError} `permission_denied` (`github_denied`); `unavailable` (`github_failed`)
   */
  async registrationToken(target: string, options: CallOptions = {}): Promise<string> {
    const answer = await this.#request("POST", target, "registration-token", options);
    const token = readText(answer.token);
    if (token === undefined || !/^[\w.-]{1,500}$/.test(token)) {
      throw unexpected("a registration token");
    }
    this.#keepSecret(token);
    return token;
  }

  /**
   * Lists the runners.
   *
   * @throws {ContainariumError} `permission_denied` (`github_denied`); `unavailable` (`github_failed`)
   */
  async runners(target: string, options: CallOptions = {}): Promise<readonly GitHubRunner[]> {
    const found: GitHubRunner[] = [];
    for (let page = 1; page <= MAX_PAGES; page++) {
      const path = `?per_page=${PAGE}&page=${page}`;
      const answer = await this.#request("GET", target, path, options);
      const rows = readList(answer.runners, "runners").map(readRunner);
      found.push(...rows);
      if (rows.length < PAGE) break;
    }
    return found;
  }

  /**
   * Returns the runner's program for Linux.
   *
   * @throws {ContainariumError} `permission_denied` (`github_denied`); `unavailable` (`github_failed`)
   */
  async downloads(target: string, options: CallOptions = {}): Promise<readonly RunnerDownload[]> {
    const answer = await this.#request("GET", target, "downloads", options);
    return readList(answer.list, "list").map((row) => readObject(row, "download"))
      .filter(({ os }) => os === "linux").map(readDownload);
  }

  /**
   * Removes a runner; succeeds if there is none.
   *
   * @throws {ContainariumError} `failed_precondition` (`runner_busy`) while it runs a job
   */
  async removeRunner(target: string, id: number, options: CallOptions = {}): Promise<void> {
    await this.#request("DELETE", target, String(id), options);
  }

  async #request(
    method: "GET" | "POST" | "DELETE",
    target: string,
    rest: string,
    options: CallOptions,
  ): Promise<JsonObject> {
    const url = this.#urlOf(target, rest);
    await refuseUnreachable(url);
    const { signal, timeoutMs = TIMEOUT_MS } = options;
    using call = new CallDeadline({ signal, timeoutMs });
    using transport = new FetchTransport([], 1);
    try {
      const response = await transport.send({
        method,
        url,
        headers: {
          "authorization": this.#token.authorization(),
          "accept": "application/vnd.github+json",
          "x-github-api-version": "2022-11-28",
          "user-agent": `containarium-mcp-server/${version}`,
        },
        signal: call.signal ?? new AbortController().signal,
      });
      return await answerOf(response, method, target);
    } catch (error) {
      if (error instanceof ContainariumError) throw error;
      throw new ContainariumError("unavailable", `GitHub (${url.host}) did not answer`, {
        reason: "github_failed",
        cause: error,
      });
    }
  }

  #urlOf(target: string, rest: string): URL {
    const problem = targetProblem(target);
    if (problem !== undefined) throw new ContainariumError("invalid_argument", problem);
    const owner = target.includes("/") ? `repos/${target}` : `orgs/${target}`;
    const base = this.#api.href.replace(/\/$/, "");
    return new URL(`${base}/${owner}/actions/runners${rest.startsWith("?") ? "" : "/"}${rest}`);
  }
}

/** Returns why a text names no repository and no organization, or `undefined` if it does. */
export function targetProblem(target: string): string | undefined {
  const isOne = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}(?:\/(?!\.{1,2}$)[\w.-]{1,100})?$/.test(target);
  return isOne
    ? undefined
    : "expected a repository of GitHub as owner/name, e.g. acme/shop, or an organization";
}

/** The token goes over an encrypted connection, or stays on this machine. */
function parseApiUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url !== undefined && url.username === "" &&
    url.password === "" && url.search === "" && url.hash === "" &&
    (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)));
  if (isSafe) return url;
  throw new ContainariumError(
    "invalid_argument",
    "The address of GitHub's API has to be an https URL, such as https://github.example.com/api/v3",
  );
}

/** Asked first: the process must not try what is not granted. */
async function refuseUnreachable(url: URL): Promise<void> {
  const host = hostAndPort(url);
  const { state } = await Deno.permissions.query({ name: "net", host });
  if (state === "granted") return;
  throw new ContainariumError(
    "failed_precondition",
    `This process may not connect to GitHub: it lacks the permission for ${host}`,
    { reason: "net_denied", details: { host } },
  );
}

async function answerOf(
  { status, body }: Incoming,
  method: string,
  target: string,
): Promise<JsonObject> {
  const text = await textOf(body);
  if (status === 204 || (method === "DELETE" && status === 404)) return {};
  if (method === "DELETE" && status === 422) {
    throw new ContainariumError("failed_precondition", "The runner runs a job now", {
      reason: "runner_busy",
    });
  }
  if (status === 401 || status === 403 || status === 404) {
    throw new ContainariumError(
      "permission_denied",
      `GitHub refuses runners of ${target} (status ${status}): the token may not manage them, or there ` +
        "is no such repository or organization",
      { reason: "github_denied" },
    );
  }
  if (status < 200 || status > 299) {
    throw new ContainariumError("unavailable", `GitHub answered with status ${status}`, {
      reason: "github_failed",
    });
  }
  try {
    return readObject(JSON.parse(text), "answer");
  } catch (error) {
    if (error instanceof ContainariumError) throw error;
    throw unexpected("JSON");
  }
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new Utf8Decoder();
  let text = "";
  for await (const chunk of body) {
    text += decoder.push(chunk);
    if (text.length > MAX_BYTES) throw unexpected("a short answer");
  }
  return text + decoder.end();
}

function unexpected(expected: string): ContainariumError {
  return new ContainariumError("unavailable", `GitHub's answer is not ${expected}`, {
    reason: "github_failed",
  });
}

function readRunner(value: unknown): GitHubRunner {
  const wire = readObject(value, "runner");
  return {
    id: readNumber(wire.id),
    name: readText(wire.name) ?? "",
    isOnline: wire.status === "online",
    isBusy: readFlag(wire.busy),
  };
}

function readDownload(wire: JsonObject): RunnerDownload {
  const architecture = readText(wire.architecture) ?? "";
  const url = readText(wire.download_url) ?? "";
  const sha256 = readText(wire.sha256_checksum) ?? "";
  const isFine = URL.canParse(url) && new URL(url).protocol === "https:" &&
    /^[0-9a-f]{64}$/.test(sha256) && /^[\w-]{1,20}$/.test(architecture);
  if (!isFine) throw unexpected("a runner's program with its checksum");
  return { architecture, url: new URL(url).href, sha256 };
}
