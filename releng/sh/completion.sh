# SPDX-License-Identifier: EPL-2.0
# Completing command lines in a shell. Commands, options and values of the product are its own to say, by picocli's generator. Here is what that can't know: the commands
# of this script, and, where nothing is built that could be asked, commands and options by the texts in releng/help.

# completion SHELL: prints what a shell reads once
# completion --words [WORD...]: prints what the last word, which may be empty, can become behind the others, by the texts
completion() {
  if [[ ${1:-} == --words ]]; then
    shift
    ((!$#)) || complete_words "$@"
    return
  fi
  if is_built && usable_jdk; then
    (run_product completion "$@") || exit
    print_entry _xenolith_script "${own_commands[@]}"
    return
  fi
  [[ ${1:-} == bash || ${1:-} == zsh ]] || misused completion "completion: expected bash or zsh, got '${1:-}'"
  (($# == 1)) || misused completion "completion $1 takes no arguments, got '$2'"
  say "nothing is built yet: values of options aren't completed (./xenolith build)"
  cat <<'SHELL'
if [ -n "$ZSH_VERSION" ]; then
  type compdef >/dev/null 2>&1 || { autoload -U +X compinit && compinit; }
  autoload -U +X bashcompinit && bashcompinit
fi
SHELL
  print_entry _xenolith
}

# print_entry NAME [COMMAND...]: prints a function of that name that asks this script for what follows these commands, or for all if none is named, and the product's
# function for the rest
print_entry() {
  local entry
  entry=$(
    cat <<'SHELL'

@NAME@() {
  local program=${COMP_WORDS[0]} first=${COMP_WORDS[1]} own=' @OWN@ '
  [[ $first != help || $COMP_CWORD == 1 ]] || first=${COMP_WORDS[2]}
  if [[ $own == '  ' || $COMP_CWORD != 1 && $own == *" $first "* ]]; then
    local IFS=$'\n'
    program=${program/#\~/$HOME}
    COMPREPLY=($(compgen -W "$("$program" completion --words "${COMP_WORDS[@]:1:$COMP_CWORD}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
  else
    _xenolith
  fi
}
complete -o bashdefault -o default -F @NAME@ xenolith
SHELL
  )
  entry=${entry//@NAME@/$1}
  shift
  printf '%s\n' "${entry//@OWN@/$*}"
}

# complete_words WORD...
complete_words() {
  local words=("${@:1:$#-1}") typed=${*:$#} topic=() text below
  while [[ ${words[0]:-} == --plugins ]]; do
    words=("${words[@]:2}")
  done
  [[ ${words[0]:-} != help || $typed == -* ]] || words=("${words[@]:1}")
  if [[ " ${own_commands[*]} " == *" ${words[0]:-none} "* ]]; then
    complete_own "${words[@]}"
    return
  fi
  read_topic "${words[@]}"
  if [[ $typed == -* ]]; then
    ! has_text "${topic[@]}" || list_options "$text"
  elif has_below "${topic[@]}" && ((${#topic[@]} == ${#words[@]})); then
    list_below "${topic[@]}"
    printf '%s\n' "${below[@]}"
  elif [[ ${topic[*]} == boot && ${#words[@]} == 1 ]]; then
    list_boards
  elif [[ ${topic[*]} == completion && ${#words[@]} == 1 ]]; then
    printf '%s\n' bash zsh
  fi
}

# complete_own COMMAND [WORD...]: of a command of this script: the options in its help, and the first words that can follow it
complete_own() {
  local help
  help=$("$root/xenolith" "$1" --help)
  case $typed in
    -*) grep -oE -- '--[a-z][a-z-]+' <<<"$help" | sort -u ;;
    *)
      (($# == 1)) || return 0
      case $1 in
        new) sed -n 's/^ *new \([a-z-]*\) NAME.*/\1/p' <<<"$help" ;;
        fuzz) sed -n 's/^  \([a-z0-9]*\): .*/\1/p' <<<"$help" ;;
      esac
      ;;
  esac
}

# list_options FILE: prints the long options that a help names at the beginning of a line
list_options() {
  local line
  while IFS= read -r line; do
    [[ ! $line =~ ^\ +(-[A-Za-z],\ )?(--[a-z][a-z0-9-]*) ]] || printf '%s\n' "${BASH_REMATCH[2]}"
  done <"$1"
}

# list_boards: prints the boards that the help of "boot" names
list_boards() {
  has_text boot
  sed -n '/^Without --guest and --kernel:/,/^  a file /s/^  \([a-z][a-z0-9-]\+\) .*/\1/p' "$text"
}
