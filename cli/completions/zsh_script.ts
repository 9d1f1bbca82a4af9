import type { CompletionData, Word } from "./completion_data.ts";

/** Returns the script for zsh: it can be sourced, or stand in a folder of `fpath` as `_mcp-server`. */
export function zshScript(data: CompletionData): string {
  return `#compdef mcp-server
# zsh completion of mcp-server
_mcp_server() {
  local cur=\${words[CURRENT]} prev=\${words[CURRENT-1]} command=serve tool= at word skip=
  local -a found
  (( CURRENT > 2 )) && [[ \${words[2]} != -* ]] && command=\${words[2]}
  for (( at = 3; at < CURRENT; at++ )); do
    word=\${words[at]}
    if [[ -n $skip ]]; then skip=; continue; fi
    case $word in
      (${data.valueFlags.join("|")}) skip=1 ;;
      (-*) ;;
      (*) [[ -z $tool ]] && tool=$word ;;
    esac
  done
  case $prev in
    (${data.fileFlags.join("|")}) _files; return ;;
    (--toolsets) compset -P '*,'; compadd -q -S '' -- ${data.toolsets.join(" ")}; return ;;
    (--tools|--tool) compset -P '*,'; compadd -q -S '' -- ${data.tools.join(" ")}; return ;;
    (${data.valueFlags.join("|")}) return ;;
  esac
  if [[ $cur == -* ]]; then
    case $command in
${
    data.commands.map(({ word, flags }) =>
      `      (${word}) found=(${flags.map(described).join(" ")}) ;;`
    )
      .join("\n")
  }
    esac
    _describe flag found
  elif (( CURRENT == 2 )); then
    found=(${data.commands.map(described).join(" ")})
    _describe command found
  elif [[ $command == audit ]]; then
    _files
  elif [[ $command == completions ]]; then
    compadd -- bash zsh fish
  elif [[ -z $tool && ( $command == call || $command == tools ) ]]; then
    compadd -- ${data.tools.join(" ")}
  elif [[ $command == call ]]; then
    case $tool in
${
    Object.entries(data.arguments).filter(([, names]) => names.length > 0).map(([tool, names]) =>
      `      (${tool}) compadd -S '' -- ${names.join(" ")} ;;`
    ).join("\n")
  }
    esac
  fi
}
if [[ $funcstack[1] == _mcp-server ]]; then _mcp_server "$@"; else compdef _mcp_server mcp-server; fi
`;
}

/** A word with what it stands for, as `_describe` takes it. */
function described({ word, about }: Word): string {
  return `'${word}:${about.replaceAll(":", "\\:").replaceAll("'", "'\\''")}'`;
}
