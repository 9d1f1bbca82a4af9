const loopback =
  /^(?:(?:.+\.)?localhost\.?|127\.\d+\.\d+\.\d+|\[::(?:1|ffff:7f[\da-f]{2}:[\da-f]{1,4})\])$/;

/** Whether a URL's host is this machine: `localhost` and names under it, 127.0.0.0/8 (as IPv6, too), `[::1]`. */
export function isLoopback(hostname: string): boolean {
  return loopback.test(hostname);
}
