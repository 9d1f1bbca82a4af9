import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import type { TokenStore } from "../auth/token_store.ts";
import { ContainariumError } from "../errors.ts";
import { formatTime } from "../text/time.ts";
import { afterWrite } from "../transport/after_write.ts";
import { ApiPath } from "../transport/api_path.ts";
import type { Http } from "../transport/http.ts";
import { readListOf, readObject, readText, readTime } from "../wire.ts";
import { tokenIdProblem } from "./token_id.ts";

/** A token that the daemon does not accept any more. */
export interface Revocation {
  /** The token's claim `jti`. */
  readonly id: string;
  /** Until when the daemon remembers that; the token should have expired by then. */
  readonly expiresAt: Date | undefined;
  /** Since when it is revoked. */
  readonly revokedAt: Date | undefined;
  /** Why: `operator_revoke`, `refresh_rotation`, or what whoever revoked it wrote. */
  readonly reason: string | undefined;
}

/** Result of a revocation. */
export interface RevokeResult {
  /** The id. Whether there is a token that has it is not known: the daemon keeps no list of tokens. */
  readonly id: string;
  /** Whether it was revoked already. The daemon then changes nothing. */
  readonly wasRevoked: boolean;
  /** Whether it is the token of this client, which the daemon rejects from now on. */
  readonly isOwn: boolean;
}

/** Ten years: the daemon accepts a token that never expires, and forgets a revocation when its time is over. */
const FOREVER_MS = 10 * 365 * 24 * 3600 * 1_000;
/** Ids that begin alike may come before the one that is looked for. */
const MAX_ALIKE = 1_000;

/**
 * Tokens that the daemon does not accept any more; `/v1/tokens`. Needs a daemon with Postgres, which accepts a
 * revoked token all the same while its database does not respond.
 */
export class Revocations {
  readonly #http: Http;
  readonly #token: TokenStore;

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   * @param token The client's own token
   */
  constructor(http: Http, token: TokenStore) {
    this.#http = http;
    this.#token = token;
  }

  /**
   * Looks a token up among the revoked ones; `GET /v1/tokens/revoked`. Needs the admin role, or a token that
   * names the scope `tokens:read`.
   *
   * @returns `undefined` if it is not revoked
   * @throws {ContainariumError} `invalid_argument` for what cannot be an id; `permission_denied`
   *
   * @example Look one up
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon();
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * assertEquals(await client.revocations.find("xnBgjALoqBnr3XppDGdX9Q"), undefined);
   * ```
   */
  async find(id: string, options: CallOptions = {}): Promise<Revocation | undefined> {
    using call = new CallDeadline(options);
    requireTokenId(id);
    const answer = await this.#http.request("GET", new ApiPath("tokens", "revoked"), {
      ...call,
      query: { jtiPrefix: id, limit: String(MAX_ALIKE) },
    });
    return readListOf(answer, "revocations").map(readRevocation)
      .find((one) => one.id === id);
  }

  /**
   * Revokes a token, and reads back that the daemon did; `POST /v1/tokens/revoke`. Nothing is sent if it is
   * revoked already. There is no way back.
   *
   * @throws {ContainariumError} `invalid_argument` for what cannot be an id, such as a whole token, of which
   * nothing is repeated; `permission_denied`; `internal` (`not_applied`) if the daemon does not list it
   *
   * @example Lock out who has a lost laptop
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon();
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { wasRevoked, isOwn } = await client.revocations.revoke("xnBgjALoqBnr3XppDGdX9Q");
   * assertEquals([wasRevoked, isOwn], [false, false]);
   * ```
   */
  async revoke(id: string, options: CallOptions = {}): Promise<RevokeResult> {
    using call = new CallDeadline(options);
    const found = await this.find(id, call);
    const { claims } = await this.#token.current();
    const isOwn = claims?.id === id;
    if (found !== undefined) return { id, wasRevoked: true, isOwn };
    const known = isOwn ? claims.expiresAt : undefined;
    const expiresAt = formatTime(known ?? new Date(Date.now() + FOREVER_MS));
    const body = { jti: id, expiresAt };
    await this.#http.request("POST", new ApiPath("tokens", "revoke"), { ...call, body });
    const isListed = await afterWrite(
      `The revocation of the token ${id}`,
      () => this.#isRejected(id, isOwn, call),
    );
    if (isListed) return { id, wasRevoked: false, isOwn };
    throw new ContainariumError("internal", `The daemon does not list the token ${id} as revoked`, {
      reason: "not_applied",
    });
  }

  /**
   * Returns whether an id is that of the client's own token.
   *
   * @throws {ContainariumError} `unauthenticated` if the token's file cannot be used
   *
   * @example Compare
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon();
   * const [serverUrl, token] = [daemon.url, await daemon.token({ jti: "mine" })];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * assertEquals(await client.revocations.isOwn("mine"), true);
   * ```
   */
  async isOwn(id: string): Promise<boolean> {
    return (await this.#token.current()).claims?.id === id;
  }

  /** The daemon answers alike whatever it did. That it rejects the client's own token is a proof, too. */
  async #isRejected(id: string, isOwn: boolean, call: CallOptions): Promise<boolean> {
    try {
      return await this.find(id, call) !== undefined;
    } catch (error) {
      if (isOwn && error instanceof ContainariumError && error.code === "unauthenticated") {
        return true;
      }
      throw error;
    }
  }
}

function requireTokenId(id: string): void {
  const problem = tokenIdProblem(id);
  if (problem !== undefined) throw new ContainariumError("invalid_argument", problem);
}

function readRevocation(value: unknown): Revocation {
  const wire = readObject(value, "revocation");
  return {
    id: readText(wire.jti) ?? "",
    expiresAt: readTime(wire.expiresAt),
    revokedAt: readTime(wire.revokedAt),
    reason: readText(wire.reason),
  };
}
