# SPDX-License-Identifier: EPL-2.0
# Help, the version, and complaints about commands that there aren't: by the text files in releng/help where a product would have to be
# built first to say the same. "help --write" makes them; HelpFilesTest compares them with the product.

help_folder=$root/releng/help
# What this script does itself; the product names them in its help.
own_commands=(workbench build test fuzz costs format ide sdk dist docs new doctor clean)

# has_text WORD...: whether that is a command of the product, none: all of it; sets "text" to the file with its help
has_text() {
  local word IFS=.
  for word; do
    [[ $word == [a-z]* && $word != *[!a-z0-9-]* ]] || return 1
  done
  text=$help_folder/${*:-HELP}.txt
  [[ -r $text ]]
}

# has_below WORD...: whether there are commands below that one
has_below() {
  local IFS=.
  (($# == 0)) || compgen -G "$help_folder/$*.*.txt" >/dev/null
}

# list_below WORD...: sets "below" to the commands below that one
list_below() {
  local IFS=. prefix file name
  prefix=$help_folder/${*:+$*.}
  below=()
  for file in "$prefix"*.txt; do
    name=${file#"$prefix"}
    name=${name%.txt}
    [[ ! -r $file || $name == *[!a-z0-9-]* || ".${own_commands[*]}." == *".$name."* ]] || below+=("$name")
  done
  (($# > 0)) || below+=("${own_commands[@]}")
}

# read_line ARGUMENT...: what a command line is about: sets "topic" to the words of the command, "asks" to help, version or nothing,
# "unknown" to a word in the place of a command that is none, and "by_word" if help is asked for by the command. Returns 1 where only the
# product knows: a folder of plug-ins may bring commands and options.
read_line() {
  local word loud
  without_quiet "$@"
  set -- "${loud[@]}"
  topic=() asks= unknown= by_word=
  for word; do
    case $word in
      --plugins | --plugins=* | --write | --write=* | --man | --man=*) return 1 ;;
      --) break ;;
      -h | --help) asks=help ;;
      -V | --version) asks=${asks:-version} ;;
    esac
  done
  if [[ ${1:-} == help && $asks != help ]]; then
    shift
    asks=help by_word=1
    read_topic "$@"
    # Here each word is a command's.
    [[ $unknown ]] || unknown=${*:${#topic[@]} + 1:1}
  else
    read_topic "$@"
    [[ ${topic[*]} != version || $asks ]] || asks=version
  fi
}

# without_quiet ARGUMENT...: sets "loud" to them without --quiet
without_quiet() {
  local argument
  loud=()
  for argument; do
    [[ $argument == --quiet ]] || loud+=("$argument")
  done
}

# read_topic WORD...: sets "topic" to the words of the command at the beginning, and "unknown" to what stands in the place of one
read_topic() {
  local text
  while (($#)) && has_below "${topic[@]}" && [[ $1 != -* ]]; do
    if ! has_text "${topic[@]}" "$1"; then
      unknown=$1
      return
    fi
    topic+=("$1")
    shift
  done
}

# answer ARGUMENT...: answers and ends, if the line asks for nothing that needs a build
answer() {
  local topic asks unknown by_word text
  [[ -r $help_folder/HELP.txt ]] && read_line "$@" || return 0
  # Who asks for help by an option gets it, of what is known of the line, as by the product.
  if [[ $unknown && (! $asks || $by_word) ]]; then
    is_current || may_be_built || refuse_command
  elif [[ $asks ]]; then
    ! is_built || ! usable_jdk || product_answers "$@"
    answer_"$asks"
  elif ((${#topic[@]} == 0)) && ! is_current; then
    refuse_line "$@"
  fi
}

# is_built: whether there is a product, of whatever sources
is_built() {
  [[ -d $home/plugins ]]
}

# usable_jdk: whether there is a JDK; sets "jdk"
usable_jdk() {
  local wrong
  wrong_jdk
  search_jdk
  [[ -z $wrong && -n $jdk ]]
}

# is_current: whether the product can answer without a build
is_current() {
  is_built && usable_jdk && { [[ ${XENOLITH_NO_BUILD:-} ]] || ! is_stale headless; }
}

# product_answers ARGUMENT...: help and version of the product that there is, which nobody waits for a build for
product_answers() {
  if [[ $asks == help && ! ${XENOLITH_NO_BUILD:-} ]] && is_stale headless; then
    say "the sources changed since this was built; what they change in it is shown after ./xenolith build"
  fi
  run_product "$@"
}

answer_version() {
  cat "$help_folder/VERSION.txt"
  exit
}

answer_help() {
  has_text "${topic[@]}"
  cat "$text"
  if is_built; then
    say "this is the checkout's text, as no JDK $jdk_release is there to ask what was built (./xenolith doctor)"
  else
    say "this is the checkout's text, as nothing is built yet; options of further bundles are shown once it is (./xenolith build)"
  fi
  exit
}

# may_be_built: whether a bundle of this checkout may bring the command "unknown", which the texts don't know
may_be_built() {
  local sources=()
  [[ $unknown == [a-z]* && $unknown != *[!a-z0-9-]* ]] && has_below "${topic[@]}" || return 1
  mapfile -t sources < <(grep -rlsEi --include='*.java' -- "name *[=(] *\"$unknown\"" "$root"/bundles/*/src/main)
  ((${#sources[@]})) && grep -qsF picocli -- "${sources[@]}" || return 1
  say "no text in releng/help knows the command '$unknown', but a bundle of this checkout may bring it: building first"
}

# refuse_command: fails because of "unknown", as the product does
refuse_command() {
  local above=${topic[*]} below near text
  quiet=
  above="xenolith${above:+ $above}"
  list_below "${topic[@]}"
  near_words "$unknown" "${below[@]}"
  say "${by_word:+help: }there is no command '$unknown'"
  ((${#near[@]} == 0)) || meant "$above" "${near[@]}"
  if [[ $by_word ]]; then
    printf 'For what is possible: xenolith help --help\n' >&2
  elif ((${#near[@]})); then
    printf 'For all commands: xenolith help\n' >&2
  else
    has_text "${topic[@]}"
    cat "$text" >&2
  fi
  exit 2
}

# meant ABOVE WORD...: a line for who mistyped a command
meant() {
  local above=$1 word line=
  shift
  for word; do
    line+="${line:+ or }$above $word"
  done
  printf 'Did you mean: %s?\n' "$line" >&2
}

# refuse_line ARGUMENT...: fails because no command is there
refuse_line() {
  quiet=
  if (($#)); then
    say "Unknown option: '$1'"
  else
    say "Say what to do: a command is missing."
  fi
  cat "$help_folder/HELP.txt" >&2
  exit 2
}

# near_words TYPED WORD...: sets "near" to the words that somebody may have meant, by the measure of the product (NearWords): the nearest,
# one slip in three letters at most
near_words() {
  local typed=${1,,} word slips least=99 most
  local -A of=()
  near=()
  shift
  ((${#typed} <= 30)) || return 0
  for word; do
    count_slips "$typed" "$word"
    of[$word]=$slips
    ((slips >= least)) || least=$slips
  done
  for word; do
    most=$((${#typed} < ${#word} ? ${#typed} / 3 : ${#word} / 3))
    ((of[$word] != least || least > (most > 1 ? most : 1))) || near+=("$word")
  done
  ((${#near[@]} < 2)) || mapfile -t near < <(printf '%s\n' "${near[@]}" | LC_ALL=C sort)
}

# count_slips A B: sets "slips" to the letters too many, too few, wrong or swapped with the next by which the words differ (the optimal
# string alignment distance)
count_slips() {
  local a=$1 b=$2 i j cost least
  local -a two=() one now
  for ((j = 0; j <= ${#b}; j++)); do one[j]=$j; done
  for ((i = 1; i <= ${#a}; i++)); do
    now=("$i")
    for ((j = 1; j <= ${#b}; j++)); do
      cost=1
      [[ ${a:i-1:1} != "${b:j-1:1}" ]] || cost=0
      least=$((one[j - 1] + cost))
      ((one[j] + 1 >= least)) || least=$((one[j] + 1))
      ((now[j - 1] + 1 >= least)) || least=$((now[j - 1] + 1))
      if ((i > 1 && j > 1)) && [[ ${a:i-1:1} == "${b:j-2:1}" && ${a:i-2:1} == "${b:j-1:1}" ]]; then
        ((two[j - 2] + 1 >= least)) || least=$((two[j - 2] + 1))
      fi
      now[j]=$least
    done
    two=("${one[@]}")
    one=("${now[@]}")
  done
  slips=${one[${#b}]}
}

# write_help [FOLDER]: writes the texts anew, of the product as it is built and of the fuzzer, which says itself what it attacks
write_help() {
  local made=${1:-$root/target/help}
  find_jdk
  build_if_stale headless
  [[ ${1:-} ]] || rm -rf "$made"
  (run_product help --write "$made") || exit $?
  compile_fuzz
  read_entries
  fuzz_help >"$made/fuzz.txt"
  if [[ ! ${1:-} ]]; then
    rm -f "$help_folder"/*.txt
    mv "$made"/*.txt "$help_folder"
    rmdir "$made"
    say "the texts of releng/help are those of this product"
  fi
}
