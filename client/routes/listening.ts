import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError } from "../errors.ts";
import type { ContainerTerminal } from "../terminal/terminal.ts";
import type { PortProtocol } from "./network_route.ts";

/** Where a program listens on a port of a container: `loopback` is not reached from outside. */
export type Listening = "anywhere" | "loopback" | "nowhere";

const TIMEOUT_MS = 8_000;

/** Remote port 0 and the state LISTEN; for UDP a socket without a remote address. */
const states: Readonly<Record<PortProtocol, string>> = { tcp: "0A", udp: "07" };

/**
 * Prints the kernel's rows for sockets that listen on a port. The kernel has them in each container,
 * whatever is installed there.
 */
function script(port: number, protocol: PortProtocol): string {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const rows = `:${hex} 00*:0000 ${states[protocol]} `;
  return `cat /proc/net/${protocol} >/dev/null || exit 3
for table in /proc/net/${protocol} /proc/net/${protocol}6; do grep -i '${rows}' $table; done
exit 0`;
}

/**
 * Looks from inside a container where a program listens on a port.
 *
 * @throws {ContainariumError} As `terminal.run`; `unsupported` if the container does not show its sockets
 */
export async function findListener(
  terminal: ContainerTerminal,
  port: number,
  protocol: PortProtocol,
  { signal }: CallOptions = {},
): Promise<Listening> {
  const { exitCode, stdout } = await terminal.run(script(port, protocol), {
    signal,
    timeoutMs: TIMEOUT_MS,
    maxBytes: 16_384,
  });
  if (exitCode !== 0) {
    throw new ContainariumError(
      "unsupported",
      "The container does not show which ports are in use",
    );
  }
  const addresses = new TextDecoder().decode(stdout).split("\n")
    .map((row) => /^\s*\d+: ([0-9A-F]{8,32}):/i.exec(row)?.[1])
    .filter((address) => address !== undefined);
  if (addresses.length === 0) return "nowhere";
  return addresses.every(isLoopbackHex) ? "loopback" : "anywhere";
}

/** Addresses stand there in words of 32 bits, on nearly every host with the last byte first. */
function isLoopbackHex(address: string): boolean {
  return /^[0-9A-F]{6}7F$/i.test(address) ||
    /^0{24}01000000$/.test(address) || /^0{16}FFFF0000[0-9A-F]{6}7F$/i.test(address);
}
