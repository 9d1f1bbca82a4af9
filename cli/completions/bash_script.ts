import type { CompletionData } from "./completion_data.ts";

/** Returns the script for bash. `=` ends a word there, so a value of `KEY=` is a word of its own. */
export function bashScript(data: CompletionData): string {
  return `# bash completion of mcp-server
_mcp_server() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=serve tool= at word skip=
  COMPREPLY=()
  [[ $cur == = || $prev == = ]] && return
  [[ $COMP_CWORD -gt 1 && \${COMP_WORDS[1]} != -* ]] && command=\${COMP_WORDS[1]}
  for ((at = 2; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    if [[ -n $skip ]]; then skip=; continue; fi
    case $word in
      ${data.valueFlags.join("|")}) skip=1 ;;
      -*) ;;
      *) [[ -z $tool ]] && tool=$word ;;
    esac
  done
  local words=
  case $prev in
    ${data.fileFlags.join("|")}) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --toolsets) words="${data.toolsets.join(" ")}" ;;
    --tools|--tool) words="${data.tools.join(" ")}" ;;
    ${data.valueFlags.join("|")}) return ;;
  esac
  if [[ -n $words ]]; then
    local list=
    [[ $cur == *,* ]] && list=\${cur%,*},
    COMPREPLY=($(compgen -P "$list" -W "$words" -- "\${cur##*,}"))
    return
  fi
  if [[ $cur == -* ]]; then
    case $command in
${
    data.commands.map(({ word, flags }) =>
      `      ${word}) words="${flags.map(({ word }) => word).join(" ")}" ;;`
    ).join("\n")
  }
    esac
  elif [[ $COMP_CWORD -eq 1 ]]; then
    words="${data.commands.map(({ word }) => word).join(" ")}"
  elif [[ $command == audit ]]; then
    COMPREPLY=($(compgen -f -- "$cur")); return
  elif [[ $command == completions ]]; then
    words="bash zsh fish"
  elif [[ -z $tool && ( $command == call || $command == tools ) ]]; then
    words="${data.tools.join(" ")}"
  elif [[ $command == call ]]; then
    case $tool in
${
    Object.entries(data.arguments).map(([tool, names]) =>
      `      ${tool}) words="${names.join(" ")}" ;;`
    ).join("\n")
  }
    esac
    compopt -o nospace
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _mcp_server mcp-server
`;
}
