import type { CompletionData } from "./completion_data.ts";

/** Returns the script for fish. */
export function fishScript(data: CompletionData): string {
  const lists = ["toolsets", "tools", "tool"].map((flag) => {
    const words = flag === "toolsets" ? data.toolsets : data.tools;
    return `complete -c mcp-server -l ${flag} -x -a '(__fish_complete_list , "printf \\'%s\\\\n\\' ${
      words.join(" ")
    }")'`;
  });
  return `# fish completion of mcp-server
function __mcp_server_word --description 'The word at a place among those that are no flags'
    set -l found
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- $word ${data.valueFlags.join(" ")}
            set skip 1
        else if not string match -q -- '-*' $word
            set -a found $word
        end
    end
    test (count $found) -ge $argv[1]; and echo $found[$argv[1]]
end
function __mcp_server_is --description 'Whether the word at a place is one of these'
    set -l word (__mcp_server_word $argv[1])
    contains -- "$word" $argv[2..-1]
end
complete -c mcp-server -f
${
    data.commands.map(({ word, about }) =>
      `complete -c mcp-server -n '__mcp_server_is 1 ""' -a ${word} -d ${quoted(about)}`
    ).join("\n")
  }
${
    data.commands.flatMap(({ word, flags }) =>
      flags.map((flag) => {
        const takes = data.fileFlags.includes(flag.word)
          ? " -r -F"
          : data.valueFlags.includes(flag.word)
          ? " -x"
          : "";
        const names = word === "serve" ? `serve ""` : word;
        return `complete -c mcp-server -n '__mcp_server_is 1 ${names}' -l ${
          flag.word.slice(2)
        }${takes} -d ${quoted(flag.about)}`;
      })
    ).join("\n")
  }
${lists.join("\n")}
complete -c mcp-server -n '__mcp_server_is 1 completions' -a 'bash zsh fish'
complete -c mcp-server -n '__mcp_server_is 1 audit' -F
complete -c mcp-server -n '__mcp_server_is 1 call tools; and __mcp_server_is 2 ""' -a '${
    data.tools.join(" ")
  }'
${
    Object.entries(data.arguments).filter(([, names]) => names.length > 0).map(([tool, names]) =>
      `complete -c mcp-server -n '__mcp_server_is 1 call; and __mcp_server_is 2 ${tool}' -a '${
        names.join(" ")
      }'`
    ).join("\n")
  }
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
