import { rpcCodes, RpcError } from "./rpc_error.ts";

/** One page of a list. */
export interface Page<Item> {
  /** What is on it. */
  readonly items: readonly Item[];
  /** What to ask the next one with; absent on the last. */
  readonly nextCursor?: string | undefined;
}

/** A list that does not change, cut into pages. A cursor means something only to its own list. */
export class Pages<Item> {
  readonly #method: string;
  readonly #pages: readonly Page<Item>[];
  readonly #cursors: readonly string[];

  /** @param method What is asked, for messages: `tools/list` */
  constructor(method: string, items: readonly Item[], pageSize: number) {
    this.#method = method;
    const starts = Array.from(
      { length: Math.max(1, Math.ceil(items.length / pageSize)) },
      (_, page) => page * pageSize,
    );
    this.#cursors = starts.map(() => crypto.randomUUID());
    this.#pages = starts.map((start, page) => {
      const nextCursor = this.#cursors[page + 1];
      return {
        items: items.slice(start, start + pageSize),
        nextCursor,
      };
    });
  }

  /**
   * A page, the first one without a cursor.
   *
   * @throws {RpcError} -32602 for a cursor that was not given
   */
  at(cursor: string | undefined): Page<Item> {
    const index = cursor === undefined ? 0 : this.#cursors.indexOf(cursor);
    const page = cursor !== undefined && index === 0 ? undefined : this.#pages[index];
    if (page !== undefined) return page;
    throw new RpcError(
      rpcCodes.invalidParams,
      `${this.#method}: this cursor is not from this server; start again without one`,
    );
  }
}
