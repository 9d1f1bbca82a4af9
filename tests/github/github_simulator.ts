/** GitHub's API for self-hosted runners, on a real socket: four calls, and their refusals. @module */

/** A runner as GitHub keeps it. */
export interface SimulatedRunner {
  readonly id: number;
  readonly name: string;
  status: "online" | "offline";
  busy: boolean;
}

/** A request that arrived. */
export interface GitHubRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
}

/** GitHub in miniature. */
export interface GitHubSimulator extends AsyncDisposable {
  /** Address for `GITHUB_API_URL`. */
  readonly url: string;
  /** Its host and port. */
  readonly host: string;
  /** The token that it accepts. */
  readonly token: string;
  /** The registration token that it gives. */
  readonly registrationToken: string;
  /** Requests, in order. */
  readonly requests: readonly GitHubRequest[];
  /** The runners of `acme/shop` and of `acme`. */
  readonly runners: SimulatedRunner[];
  /** Answers every request with this status from now on. */
  fail(status: number): void;
}

/** How it is started. */
export interface GitHubSimulatorOptions {
  /** Names of runners that connect by themselves, asked at each list. @default None */
  readonly connected?: () => readonly string[];
  /** Checksum of the runner's program. @default {"0".repeat(64)} */
  readonly sha256?: string;
}

/** Starts one, of which `acme/shop` and `acme` exist. */
export function startGitHub(options: GitHubSimulatorOptions = {}): GitHubSimulator {
  const { connected = () => [], sha256 = "0".repeat(64) } = options;
  const token = "ghp_s1mulated0token0of0somebody";
  const registrationToken = "AREG1STRATION0TOKEN0OF0ONE0HOUR";
  const requests: GitHubRequest[] = [];
  const runners: SimulatedRunner[] = [];
  let failure: number | undefined;
  const refuse = (status: number, message: string) => Response.json({ message }, { status });
  const answer = (request: Request): Response => {
    const { pathname, search } = new URL(request.url);
    const authorization = request.headers.get("authorization") ?? undefined;
    requests.push({ method: request.method, path: `${pathname}${search}`, authorization });
    if (failure !== undefined) return refuse(failure, "simulated");
    if (authorization !== `Bearer ${token}`) return refuse(401, "Bad credentials");
    const found = /^\/(?:repos\/acme\/shop|orgs\/acme)\/actions\/runners(?:\/([\w-]+))?$/.exec(
      pathname,
    );
    if (found === null) return refuse(404, "Not Found");
    switch (`${request.method} ${found[1] ?? ""}`) {
      case "GET ":
        for (const name of connected()) connect(runners, name);
        return Response.json({ total_count: runners.length, runners });
      case "GET downloads":
        return Response.json({
          list: ["x64", "arm64"].map((architecture) => ({
            os: "linux",
            architecture,
            download_url: `https://github.com/actions/runner/${architecture}.tar.gz`,
            filename: `${architecture}.tar.gz`,
            sha256_checksum: sha256,
          })),
        });
      case "POST registration-token":
        return Response.json(
          { token: registrationToken, expires_at: "2026-11-26T12:00:00Z" },
          { status: 201 },
        );
      default:
        return request.method === "DELETE" ? remove(runners, Number(found[1])) : refuse(404, "");
    }
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  const host = `127.0.0.1:${server.addr.port}`;
  return {
    url: `http://${host}`,
    host,
    token,
    registrationToken,
    requests,
    runners,
    fail: (status) => failure = status,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function connect(runners: SimulatedRunner[], name: string): void {
  if (runners.some((runner) => runner.name === name)) return;
  runners.push({ id: runners.length + 21, name, status: "online", busy: false });
}

function remove(runners: SimulatedRunner[], id: number): Response {
  const at = runners.findIndex((runner) => runner.id === id);
  if (at === -1) return Response.json({ message: "Not Found" }, { status: 404 });
  if (runners[at]?.busy) return Response.json({ message: "busy" }, { status: 422 });
  runners.splice(at, 1);
  return new Response(null, { status: 204 });
}
