# SPDX-License-Identifier: EPL-2.0
# Completing command lines in a shell. What there is to complete is asked of the script each time, so that a shell which has been open
# for long knows what this checkout has now.

# completion bash: prints what a shell reads once
# completion --words [WORD...]: prints what the last word, which may be empty, can become behind the others
completion() {
  show_usage completion "$@"
  case ${1:-} in
    bash)
      (($# == 1)) || misused completion "completion bash takes no arguments, got '$2'"
      print_bash
      ;;
    --words)
      shift
      ((!$#)) || complete_words "$@"
      ;;
    *) misused completion "completion: expected bash, got '${1:-}'" ;;
  esac
}

print_bash() {
  cat <<'BASH'
_xenolith() {
  local IFS=$'\n' word=${COMP_WORDS[COMP_CWORD]} program=${COMP_WORDS[0]}
  program=${program/#\~/$HOME}
  COMPREPLY=($(compgen -W "$("$program" completion --words "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "$word"))
}
complete -o bashdefault -o default -F _xenolith xenolith
BASH
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
        completion) printf 'bash\n' ;;
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
