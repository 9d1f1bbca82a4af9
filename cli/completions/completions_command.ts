import { choose } from "../choices.ts";
import type { Command } from "../command.ts";
import { print } from "../print.ts";
import { UsageError } from "../usage_error.ts";
import { bashScript } from "./bash_script.ts";
import { completionData } from "./completion_data.ts";
import { fishScript } from "./fish_script.ts";
import { zshScript } from "./zsh_script.ts";

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;
const shells = ["bash", "zsh", "fish"] as const;

/** Prints what a shell completes commands, flags, tools and arguments by. */
export const completionsCommand: Command = {
  usage: "bash|zsh|fish",
  about: "Prints the script by which a shell completes commands, flags, toolsets, tools and the\n" +
    "arguments of a call. Print it anew after an update.",
  flags: {},
  takesWords: true,
  notes: `For the current user:

  mcp-server completions bash > ~/.local/share/bash-completion/completions/mcp-server
  mcp-server completions zsh > ~/.zfunc/_mcp-server
  mcp-server completions fish > ~/.config/fish/completions/mcp-server.fish

For zsh, the folder has to stand in fpath before compinit is called.`,
  run: async ({ words }, context, commands) => {
    const [shell, stray] = words;
    if (shell === undefined || stray !== undefined) {
      throw new UsageError("completions takes the name of one shell: bash, zsh or fish");
    }
    const found = { value: shell, label: "completions", variable: "" };
    await print(scripts[choose(found, shells)](await completionData(commands)), context);
    return 0;
  },
};
