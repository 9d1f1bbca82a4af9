import { assertRejects } from "@std/assert";
import { RpcFailure, type Session } from "./connect.ts";

/** Sends a request that has to fail, and returns the error that it was answered with. */
export async function requestFailure(
  server: Session,
  method: string,
  params: Readonly<Record<string, unknown>>,
): Promise<RpcFailure> {
  return await assertRejects(() => server.request(method, params), RpcFailure);
}
