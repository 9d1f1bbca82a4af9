import { z } from "zod";

/** More are for another call. */
export const MAX_CONTAINERS = 100;

/**
 * A list of usernames that reports every fault at once.
 *
 * @param problemOf Says why one cannot be taken, or nothing when it can
 */
export function usernameList(
  problemOf: (username: string) => string | undefined,
): z.ZodArray<z.ZodString> {
  return z.array(z.string()).check((context) => {
    const usernames = context.value;
    if (usernames.length === 0 || usernames.length > MAX_CONTAINERS) {
      context.issues.push({
        code: "custom",
        message: `expected 1 to ${MAX_CONTAINERS} usernames`,
        input: usernames,
      });
      // Each is compared with those before it: not of a million.
      if (usernames.length > MAX_CONTAINERS) return;
    }
    for (const [at, username] of usernames.entries()) {
      const message = usernames.indexOf(username) < at
        ? `${username} is named twice`
        : problemOf(username);
      if (message === undefined) continue;
      context.issues.push({ code: "custom", message, input: username, path: [at] });
    }
  });
}
