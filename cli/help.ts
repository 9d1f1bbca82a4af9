import type { Chosen } from "./command_table.ts";
import { commands, DEFAULT_COMMAND } from "./command_table.ts";
import type { Flags } from "./command_line.ts";

/** Returns the text of `mcp-server NAME --help`; for the default command it begins with the list of all. */
export function helpOf({ name, command }: Pick<Chosen, "name" | "command">): string {
  const isDefault = name === DEFAULT_COMMAND;
  const usage = isDefault
    ? `Usage: mcp-server [COMMAND] ${command.usage}\n\n${commandList()}`
    : `Usage: mcp-server ${name} ${command.usage}\n\n${command.about}`;
  const title = isDefault
    ? "mcp-server: an MCP server on stdio for Containarium"
    : `mcp-server ${name}: ${commands[name]?.summary}`;
  return [
    title,
    usage,
    flagList(command.flags),
    ...(command.notes === undefined ? [] : [command.notes]),
  ].join("\n\n") + "\n";
}

function commandList(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) =>
    `  ${name.padEnd(17)} ${summary}`
  );
  return `Commands (each with flags of its own: mcp-server COMMAND --help):\n${lines.join("\n")}`;
}

function flagList(flags: Flags): string {
  const beside = `\n${" ".repeat(20)}`;
  const lines = Object.entries(flags).map(([name, { value, variable, help }]) => {
    const flag = `--${name} ${value ?? ""}`;
    return `  ${flag.length > 17 ? flag + beside : `${flag.padEnd(17)} `}${help}` +
      (variable === undefined ? "" : `${beside}(${variable})`);
  });
  return [...lines, "  --help            Show this", "  --version         Show the version"].join(
    "\n",
  );
}
