/**
 * Waits until something listens on a port of a container. The daemon's own probe is skipped for a container
 * without a route, and nearly always otherwise; this one runs inside the container.
 *
 * @module
 */
import type { CallOptions, ContainariumClient } from "../../client/mod.ts";
import type { Container } from "../../client/mod.ts";
import { readOr } from "../read_or.ts";

/** Milliseconds for the command to start and to end, beside the wait. */
const SPARE_MS = 5_000;
const OPEN = 0;
const CLOSED = 1;

/** How to wait for a port. */
export interface PortWait extends CallOptions {
  /** Port to wait for. */
  readonly port: number;
  /** Seconds to wait. */
  readonly seconds: number;
}

/**
 * Returns whether something listens on the port, on the container's own address or on its loopback;
 * `undefined` if no command could be run in it.
 *
 * @throws {ContainariumError} `cancelled`
 */
export async function waitForPort(
  client: ContainariumClient,
  { username, ipAddress }: Container,
  { port, seconds, signal }: PortWait,
): Promise<boolean | undefined> {
  return await readOr(async () => {
    const { exitCode } = await client.terminal(username).run(script(port, seconds, ipAddress), {
      timeoutMs: seconds * 1_000 + SPARE_MS,
      signal,
    });
    if (exitCode === OPEN) return true;
    return exitCode === CLOSED ? false : undefined;
  }, () => undefined);
}

/** Bash can connect by itself; nothing has to be installed. Where there is no bash, this ends with 127. */
function script(port: number, seconds: number, ipAddress = ""): string {
  const own = /^\d{1,3}(?:\.\d{1,3}){3}$/.test(ipAddress) ? ipAddress : "";
  return `exec bash -c '
end=$((SECONDS + ${seconds}))
while :; do
  for host in 127.0.0.1 ${own}; do
    timeout 1 bash -c "exec 3<>/dev/tcp/$host/${port}" 2>/dev/null && exit ${OPEN}
  done
  [ $SECONDS -lt $end ] || exit ${CLOSED}
  sleep 0.3
done'`;
}
