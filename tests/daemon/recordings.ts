/** The exchanges recorded with real daemons. @module */

import wireText from "./wire.jsonl" with { type: "text" };
import longTailText from "./wire_longtail.jsonl" with { type: "text" };
import longTailNotReplayed from "./not_replayed.txt" with { type: "text" };
import type { Answer } from "./compare.ts";
import type { TokenClaims } from "./mod.ts";

/** One recorded exchange. */
export interface Exchange {
  readonly name: string;
  /** Whose token it carried: `none`, or a username. */
  readonly as: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly body: string | null;
  };
  readonly response: Answer;
}

/** One file of recordings, with the names of those that are not replayed. */
export class Recording {
  /** All exchanges, in the order in which they ended. */
  readonly exchanges: readonly Exchange[];
  /** The names that are listed as not replayed. */
  readonly listed: readonly string[];
  /** What the tokens said, by whose they were. */
  readonly #claims: Readonly<Record<string, TokenClaims>>;

  constructor(
    jsonl: string,
    listed: readonly string[],
    claims: Readonly<Record<string, TokenClaims>>,
  ) {
    this.exchanges = jsonl.trim().split("\n").map((line): Exchange => JSON.parse(line));
    this.listed = listed;
    this.#claims = claims;
  }

  /** The exchange of that name; of a few names there are several, and `which` counts them from 0. */
  exchange(name: string, which?: number): Exchange {
    const found = this.exchanges.filter((one) => one.name === name);
    const one = found[which ?? 0];
    if (one === undefined || (which === undefined && found.length > 1)) {
      throw new Error(`There are ${found.length} recordings named ${name}`);
    }
    return one;
  }

  /** The names from one to another, but for those that are listed as not replayed. */
  span(first: string, last: string): readonly string[] {
    const all = this.exchanges.map(({ name }) => name);
    const names = all.slice(all.indexOf(first), all.indexOf(last) + 1);
    if (names.length === 0) throw new Error(`There is nothing from ${first} to ${last}`);
    return names.filter((name) => !this.listed.includes(name));
  }

  /** What the token of an exchange said. */
  claimsOf(as: string): TokenClaims {
    return this.#claims[as] ?? { username: as };
  }
}

/** What everybody uses: containers, their life, snapshots, peers. */
export const wire = new Recording(wireText, [], {
  admin: { username: "mcp-client", roles: ["admin"] },
  snp1ro: { username: "snp1", scopes: ["containers:read"] },
  admro: { username: "mcp-client", roles: ["admin"], scopes: ["containers:read"] },
});

/** All the rest: routes, secrets, backups, security and so on. */
export const longTail = new Recording(longTailText, listedIn(longTailNotReplayed), {
  admin: { username: "mcp-client", roles: ["admin"] },
  admro: { username: "mcp-client", roles: ["admin"], scopes: ["containers:read"] },
  rec1ro: { username: "rec1", scopes: ["containers:read"] },
  rec1rt: { username: "rec1", scopes: ["routes:read", "routes:write"] },
  rec1se: { username: "rec1", scopes: ["secrets:read"] },
  rec1bk: { username: "rec1", scopes: ["backups:read"] },
  rec1sec: { username: "rec1", scopes: ["security:read"] },
  rec1al: { username: "rec1", scopes: ["alerts:read"] },
  npr: { username: "npr", scopes: ["network-policy:read"] },
  aud: { username: "aud", scopes: ["audit:read"] },
  tokr: { username: "tokr1", scopes: ["tokens:read"] },
  victim: { username: "rec1", jti: "victim-jti-0000000001" },
  kmsu: { username: "kmsu", scopes: ["kms:admin"] },
});

/** Names in lines such as `area: name name`, where a line that is indented goes on with the one before. */
function listedIn(text: string): readonly string[] {
  return text.replace(/^\S[^:\n]*:/gm, "").split(/\s+/).filter((name) => name !== "");
}
