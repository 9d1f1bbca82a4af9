import { z } from "zod";

/** Maximum number of usernames per call. */
export const MAX_CONTAINERS = 100;

/**
 * Schema of a list of usernames that reports every mistake at once.
 *
 * @param problemOf Returns why a username is not accepted; `undefined` if it is
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
      // Each is compared with those before it, so the length is checked first.
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
