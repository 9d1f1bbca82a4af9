import { containerName } from "../containers/username.ts";

/** Linux knows no longer account. */
const MAX_ACCOUNT_CHARS = 32;

/** Returns the name of a collaborator's account: `alice-container-bob`. */
export function collaboratorAccount(username: string, name: string): string {
  return `${containerName(username)}-${name}`;
}

/** Returns why a text cannot be a collaborator's name, or `undefined` if it can. */
export function collaboratorProblem(name: string): string | undefined {
  return /^[A-Za-z0-9_][\w-]*$/.test(name) && name.length <= MAX_ACCOUNT_CHARS
    ? undefined
    : "expected a name such as bob: letters, digits, dashes and underscores";
}

/** Returns why a collaborator of that name cannot have an account in a user's container. */
export function accountProblem(username: string, name: string): string | undefined {
  if (name === username) return `${name} owns the container`;
  const account = collaboratorAccount(username, name);
  const most = MAX_ACCOUNT_CHARS - collaboratorAccount(username, "").length;
  if (account.length <= MAX_ACCOUNT_CHARS) return undefined;
  return most < 1
    ? `an account's name begins with ${
      account.slice(0, -name.length)
    }, which leaves none of Linux's ` +
      `${MAX_ACCOUNT_CHARS} characters: this container cannot have collaborators`
    : `the account ${account} would be longer than Linux's ${MAX_ACCOUNT_CHARS} characters: choose a ` +
      `name of at most ${most}`;
}
