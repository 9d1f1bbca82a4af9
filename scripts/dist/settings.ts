/**
 * What a client's own dialog asks a user for. What is left out arrives empty or as a placeholder, and the server
 * ignores both.
 *
 * @module
 */

/** A value that a user fills in. */
export interface Setting {
  /** Its name in a client's configuration. */
  readonly key: string;
  /** The variable that carries it. */
  readonly variable: string;
  /** What kind of value it is. */
  readonly type: "string" | "boolean" | "file";
  /** What it is called. */
  readonly title: string;
  /** What it is. */
  readonly description: string;
  /** Whether the client keeps it where secrets are. */
  readonly isSecret?: boolean | undefined;
}

/** The values, in the order in which they are asked for. */
export const settings: readonly Setting[] = [
  {
    key: "server_url",
    variable: "CONTAINARIUM_SERVER_URL",
    type: "string",
    title: "Address",
    description:
      "Address of the Containarium REST API, such as http://localhost:8080. Empty: the default " +
      "server of ~/.containarium/credentials.json",
  },
  {
    key: "jwt_token",
    variable: "CONTAINARIUM_JWT_TOKEN",
    type: "string",
    title: "Token",
    description:
      "A token of that server. Empty: the token file, or ~/.containarium/credentials.json",
    isSecret: true,
  },
  {
    key: "jwt_token_file",
    variable: "CONTAINARIUM_JWT_TOKEN_FILE",
    type: "file",
    title: "Token file",
    description: "A file with the token, which nobody else may read; read again when it changes",
  },
  {
    key: "toolsets",
    variable: "CONTAINARIUM_MCP_TOOLSETS",
    type: "string",
    title: "Toolsets",
    description:
      "Toolsets to offer, with commas between them: default, all, or names. Empty: default",
  },
  {
    key: "read_only",
    variable: "CONTAINARIUM_MCP_READ_ONLY",
    type: "boolean",
    title: "Read only",
    description: "Offer only tools that change nothing",
  },
  {
    key: "policy_file",
    variable: "CONTAINARIUM_CONFIG",
    type: "file",
    title: "Policy file",
    description: "A JSON file with templates and quotas",
  },
  {
    key: "trusted_ca_file",
    variable: "CONTAINARIUM_MCP_TRUSTED_CA_FILE",
    type: "file",
    title: "Certificate authority",
    description: "A PEM file with an authority to trust besides the usual ones",
  },
];

/** Returns the variables with the placeholders that a client fills in. */
export function placeholders(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    settings.map(({ key, variable }) => [variable, `\${user_config.${key}}`]),
  );
}

/** Returns what MCPB bundles and Claude Code's plugins call a user's configuration. */
export function userConfig(): Readonly<Record<string, unknown>> {
  return Object.fromEntries(settings.map(({ key, type, title, description, isSecret }) => [key, {
    type,
    title,
    description,
    required: false,
    sensitive: isSecret,
    default: type === "boolean" ? false : undefined,
  }]));
}
