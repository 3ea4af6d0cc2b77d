# SPDX-License-Identifier: EPL-2.0
# Fuzzing with Jazzer, a coverage-guided fuzzer for the JVM (Apache License 2.0). It is a tool of the build, fetched by checksum,
# and no part of the product. What can be attacked, the program in tests/org.xenolith.fuzz knows.

jazzer_version=0.30.0
jazzer_sha512=2680ea73213f0abe2d47d57cecdba62c17c49dd679c7f4e2773f93159f02cd0b2cace22aa37f18712e6ff84d1463dd9454c68f8d7491aef0b684d89f0a3dd0ea
jazzer_api_sha512=e0b32a924ef175b980d4330a914b0373d3bbfb61f18a3503daf26c9ce2224aa66a25e850075700ffbf1a65842c286debb8cf4d41fb039ab07ea55ecd6c5c8ba3
fuzz_folder=$root/target/fuzz

# fuzz [--minutes N] [--fresh] [--report FILE] [ENTRY]: all entries one after another, each for its part of the time
# fuzz --seeds [ENTRY]: executes the inputs that are kept, without the fuzzer
# fuzz --input FILE ENTRY: repeats a finding, without the fuzzer
fuzz() {
  local minutes=10 input='' entry='' fresh='' report='' help='' seeds='' own_options
  while (($#)); do
    case $1 in
      --minutes)
        [[ ${2:-} =~ ^[0-9]+(\.[0-9]+)?$ ]] || fail 2 "--minutes: expected a number, got '${2:-}'"
        minutes=$2
        shift
        ;;
      --input)
        [[ -r ${2:-} ]] || fail 2 "--input: expected a file that can be read, got '${2:-}'"
        input=$(readlink -f "$2")
        shift
        ;;
      --report)
        [[ -n ${2:-} ]] || fail 2 "--report: expected a file to write"
        { : >>"$2"; } 2>/dev/null || fail 2 "--report: '$2' can't be written"
        report=$(readlink -f "$2")
        shift
        ;;
      --fresh) fresh=1 ;;
      --seeds) seeds=1 ;;
      -h | --help) help=1 ;;
      *)
        [[ -z $entry && $1 != -* ]] || fail 2 "fuzz: what is '$1'? Usage:" \
          "./xenolith fuzz [--minutes N] [--fresh] [--report FILE] [ENTRY], --seeds [ENTRY] or --input FILE ENTRY; see ./xenolith fuzz --help"
        entry=$1
        ;;
    esac
    shift
  done
  if [[ $help ]]; then
    cat "$help_folder/fuzz.txt"
    exit
  fi
  find_jdk
  build_if_stale headless
  compile_fuzz
  read_entries
  [[ -z $entry || -n ${entry_says[$entry]:-} ]] || fail 2 "fuzz: there is no '$entry'; entries are: ${entries[*]}"
  read -ra fuzz_options <<<"${XENOLITH_JAVA_OPTS:-}"
  if [[ -n $seeds ]]; then
    # One process for all: with guests' memory outside the heap, or an entry couldn't be executed.
    exec "$jdk/bin/java" -Xmx1g -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -Dxenolith.memory=outside "${fuzz_options[@]}" "-Djava.io.tmpdir=${TMPDIR:-/tmp}" \
      "-Dxenolith.fuzz.findings=$fuzz_folder/findings" -cp "$fuzz_classes" org.xenolith.fuzz.Seeds \
      "$root/tests/org.xenolith.fuzz/corpus" ${entry:+"$entry"}
  fi
  if [[ -n $input ]]; then
    [[ -n $entry ]] || fail 2 "--input: name the entry that the file is for: ${entries[*]}"
    read -ra own_options <<<"${entry_options[$entry]}"
    exec "$jdk/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED "${own_options[@]}" "${fuzz_options[@]}" -cp "$fuzz_classes" \
      org.xenolith.fuzz.Replay "$entry" "$input"
  fi
  fetch_jazzer
  [[ -z $entry ]] || entries=("$entry")
  local seconds name found='' broken='' begun
  begun=$(date -u +'%Y-%m-%d %H:%M UTC')
  seconds=$(awk "BEGIN { s = int($minutes * 60 / ${#entries[@]} + 0.5); print s < 1 ? 1 : s }")
  for name in "${entries[@]}"; do
    fuzz_entry "$name" "$seconds" "$fresh"
    case $entry_end in
      found) found=1 ;;
      broken) broken=1 ;;
    esac
    # After each, so that a campaign that is cut short has its report.
    [[ -z $report ]] || write_report "$begun" "$minutes" "$fresh" >"$report"
  done
  [[ -z $found ]] || exit 1
  [[ -z $broken ]] || exit 4
  exit 0
}

# read_entries: what can be attacked, as the program says: sets "entries", "entry_packages", "entry_options", "entry_says"
read_entries() {
  declare -ga entries=()
  declare -gA entry_packages=() entry_options=() entry_says=() entry_row=() entry_found=()
  local listed word packages options says
  listed=$("$jdk/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$fuzz_classes" org.xenolith.fuzz.Entries) ||
    fail 4 "what can be attacked isn't known: the program ended with an error"
  while IFS=$'\t' read -r word packages options says; do
    entries+=("$word")
    entry_options[$word]=$options
    entry_packages[$word]=$packages
    entry_says[$word]=$says
  done <<<"$listed"
}

# fuzz_help: prints how it is used; needs "entries"
fuzz_help() {
  local name
  printf '%s\n' 'Usage: xenolith fuzz [--minutes N] [--fresh] [--report FILE] [ENTRY]' '       xenolith fuzz --seeds [ENTRY]' \
    '       xenolith fuzz --input FILE ENTRY' '' \
    'A coverage-guided fuzzer attacks the product; see tests/org.xenolith.fuzz/README.md.' '' \
    '  --minutes N    so long in all (10); each entry gets an equal part' \
    '  --fresh        without what earlier campaigns learnt, and with a fixed seed' \
    '  --report FILE  writes what was done and found as Markdown' \
    '  --seeds        executes the inputs that are kept, without the fuzzer' \
    '  --input FILE   repeats a finding, without the fuzzer' '' \
    'Exit codes: 0 nothing found, 1 something was found, 2 bad input, 4 the fuzzer failed.' '' 'Entries, and what an input is:'
  for name in "${entries[@]}"; do
    printf '%s: %s\n' "$name" "${entry_says[$name]}" | fold -s -w 110 | sed '1s/^/  /; 2,$s/^/      /; s/ *$//'
  done
}

# costs: measures what the hypervisor's work costs, on the machine that fuzzing uses
costs() {
  local json=()
  if [[ ${1:-} == --json ]]; then
    json=(--json)
    shift
  fi
  no_arguments costs "$@"
  find_jdk
  build_if_stale headless
  compile_fuzz
  read -ra fuzz_options <<<"${XENOLITH_JAVA_OPTS:-}"
  exec "$jdk/bin/java" -XX:+UseSerialGC "${fuzz_options[@]}" -cp "$fuzz_classes" org.xenolith.fuzz.Costs "${json[@]}"
}

# compile_fuzz: compiles what drives the machine, beside what a campaign that still runs uses; sets "fuzz_classes", the class path
compile_fuzz() {
  local sources jars folder
  local scenarios=$root/tests/org.xenolith.conformance.cpu.tests/src package=org/xenolith/conformance/cpu/x64
  # The scenarios of x86-64 are those of the conformance tests.
  mapfile -t sources < <(find "$root/tests/org.xenolith.fuzz/src" "$scenarios/$package" -name '*.java' ! -name '*Test.java' | LC_ALL=C sort)
  jars=$(printf '%s:' "$home"/plugins/*.jar "$home/lib/framework.jar" "$root"/bundles/org.xenolith.testkit{,.*}/target/*-SNAPSHOT.jar)
  folder=$fuzz_folder/classes/$({ cat "${sources[@]}" "$scenarios/$package"/*.bin && ls -l --time-style=full-iso "$home"/plugins "$root"/bundles/org.xenolith.testkit{,.*}/target; } | sha256sum | head -c 16)
  if [[ ! -d $folder ]]; then
    mkdir -p "$fuzz_folder" "$folder.new.$$"
    # What the bundle mcp has inside of it is on no other class path.
    (cd "$folder.new.$$" && for inside in "$home"/plugins/org.xenolith.mcp[-_]*.jar; do "$jdk/bin/jar" xf "$inside" lib; done) ||
      fail 4 "what the bundle mcp has inside can't be unpacked"
    "$jdk/bin/javac" -proc:none -Xlint:-options -nowarn --release 25 -cp "$jars$folder.new.$$/lib/*" -d "$folder.new.$$" "${sources[@]}" ||
      fail 4 "what drives the fuzzed machine does not compile against this product"
    cp "$scenarios/$package"/*.bin "$folder.new.$$/$package/"
    # Another process may have made the same meanwhile.
    mv -T "$folder.new.$$" "$folder" 2>/dev/null || rm -rf "$folder.new.$$"
    [[ -d $folder ]] || fail 4 "$folder can't be made"
  fi
  fuzz_classes=$folder:$jars$folder/lib/*
}

# fetch_jazzer: sets "jazzer", its class path
fetch_jazzer() {
  local folder=$cache/jazzer/$jazzer_version group=com.code-intelligence
  fetch_jar "$folder" "$group:jazzer:$jazzer_version" "$jazzer_sha512" releng/sh/fuzz.sh
  jazzer=$fetched_jar
  fetch_jar "$folder" "$group:jazzer-api:$jazzer_version" "$jazzer_api_sha512" releng/sh/fuzz.sh
  jazzer+=:$fetched_jar
}

# fuzz_entry ENTRY SECONDS FRESH: sets "entry_end" to clean, found or broken; FRESH leaves out what earlier campaigns learnt
fuzz_entry() {
  local name=$1 learnt=$fuzz_folder/corpus/$1 seeds=$root/tests/org.xenolith.fuzz/corpus/$1 log=$fuzz_folder/$1.log
  local status=0 options=() own_options begun=$SECONDS folders largest text fuzzer
  read -ra own_options <<<"${entry_options[$name]}"
  if [[ -n $3 ]]; then
    learnt=$fuzz_folder/fresh/$1
    rm -rf "$learnt"
    options=(-seed=1)
  fi
  mkdir -p "$learnt" "$fuzz_folder/artifacts" "$fuzz_folder/findings"
  folders=("$learnt")
  [[ ! -d $seeds ]] || folders+=("$seeds")
  # No input is cut: a file of some format may be good as a whole only.
  largest=$({ echo 2048 && find "${folders[@]}" -type f -printf '%s\n'; } | sort -n | tail -n 1)
  # A scenario brings regular expressions and names files: that is no finding of its own.
  local hooks=com.code_intelligence.jazzer.sanitizers
  # Only what is attacked is instrumented: which branches the rest takes isn't of interest.
  "$jdk/bin/java" -Xmx1g -XX:+UseSerialGC -XX:+EnableDynamicAgentLoading --enable-native-access=ALL-UNNAMED "${own_options[@]}" "${fuzz_options[@]}" \
    "-Djava.io.tmpdir=${TMPDIR:-/tmp}" "-Dxenolith.fuzz.entry=$name" "-Dxenolith.fuzz.findings=$fuzz_folder/findings" \
    -cp "$fuzz_classes:$jazzer" com.code_intelligence.jazzer.Jazzer --target_class=org.xenolith.fuzz.FuzzTarget \
    "--instrumentation_includes=${entry_packages[$name]}" --custom_hook_includes=none \
    "--disabled_hooks=$hooks.RegexInjection:$hooks.FilePathTraversal:$hooks.RegexRoadblocks" "--reproducer_path=$fuzz_folder/artifacts" \
    "-artifact_prefix=$fuzz_folder/artifacts/$name-" -timeout=120 "-max_len=$largest" -len_control=20 \
    -use_value_profile=1 "-max_total_time=$2" "${options[@]}" "${folders[@]}" >"$log" 2>&1 &
  fuzzer=$!
  trap 'kill $fuzzer 2>/dev/null; exit 130' INT TERM
  show_fuzzing "$name" "$2" "$log" "$fuzzer"
  wait "$fuzzer" || status=$?
  trap - INT TERM
  local runs seconds cov corpus
  read -r runs seconds cov corpus < <(awk -v spent="$((SECONDS - begun))" '
    / cov: / { for (i = 1; i < NF; i++) { if ($i == "cov:") cov = $(i + 1); if ($i == "corp:") corpus = $(i + 1) } }
    /^Done [0-9]+ runs/ { runs = $2; seconds = $5 }
    /^#[0-9]+/ { last = substr($1, 2) }
    END { sub("/.*", "", corpus); printf "%d %d %d %d\n", runs ? runs : last, runs ? seconds : spent, cov, corpus }' "$log")
  # The codes of libFuzzer for a hang and the end of memory, and of Jazzer for a finding.
  case $status in
    0) entry_end=clean ;;
    70 | 71 | 77) entry_end=found ;;
    *) entry_end=broken ;;
  esac
  [[ $entry_end != clean || $runs -gt 0 ]] || entry_end=broken
  printf '%s: %d executions, %d a second, coverage %d, corpus %d\n' "$name" "$runs" "$((runs / (seconds > 0 ? seconds : 1)))" \
    "$cov" "$corpus"
  entry_row[$name]="$runs | $((runs / (seconds > 0 ? seconds : 1))) | $cov | $corpus"
  case $entry_end in
    clean) return ;;
    found)
      # A hang or the end of memory ends the fuzzer itself, which keeps the input.
      text=$(sed -n '/Java Exception/,/^DEDUP_TOKEN/p' "$log" | grep -v '^\s*at \|^DEDUP_TOKEN' || true
        sed -n "s#^.*Test unit written to \(.*-\(timeout\|oom\)-.*\)#\2; repeat it with: ./xenolith fuzz --input \1 $name#p" "$log")
      printf '%s\n' "$text" >&2
      quiet=
      say "$name: something was found; full log: $log"
      ;;
    broken)
      text="the fuzzer failed with exit code $status: $(tail -n 3 "$log")"
      quiet=
      say "$name: the fuzzer failed with exit code $status; full log: $log"
      ;;
  esac
  entry_found[$name]=${text:-no text, see target/fuzz/$name.log}
}

# show_fuzzing ENTRY SECONDS LOG PID: how far it is, rewritten in place on a terminal, else a line each minute
show_fuzzing() {
  local begun=$SECONDS told=-58 spent runs pause
  [[ ! $quiet ]] || return 0
  exec {pause}<> <(:)
  while kill -0 "$4" 2>/dev/null; do
    spent=$((SECONDS - begun))
    if ((spent >= 2)) && [[ -t 2 ]] || ((spent - told >= 60)); then
      runs=$(tail -n 40 "$3" 2>/dev/null | grep -aoE '^#[0-9]+' | tail -n 1) || true
      runs=${runs#\#}
      if [[ -t 2 ]]; then
        printf '\r\033[Kxenolith: fuzz %s: %d of %d s, %s executions' "$1" "$spent" "$2" "${runs:-0}" >&2
      else
        say "fuzz $1: $spent of $2 s, ${runs:-0} executions"
      fi
      told=$spent
    fi
    read -r -t 1 -u "$pause" || true
  done
  exec {pause}<&-
  [[ ! -t 2 ]] || printf '\r\033[K' >&2
}

# write_report BEGUN MINUTES FRESH: what was done and found so far, as Markdown
write_report() {
  local name commit cpu end
  commit=$(git -C "$root" rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
  [[ -z $(git -C "$root" status --porcelain --untracked-files=no -- bundles tests releng 2>/dev/null) ]] || commit+=", with changes"
  cpu=$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1)
  printf '%s\n' '# The last fuzzing campaign' '' \
    "Written by \`./xenolith fuzz --minutes $2${3:+ --fresh} --report FILE\`; how it works: tests/org.xenolith.fuzz/README.md." '' \
    '| | |' '|---|---|' "| begun | $1 |" "| commit | $commit |" "| host | ${cpu:-$(uname -m)}, $(nproc) cores |" \
    "| JDK | $("$jdk/bin/java" -version 2>&1 | sed -n 's/^OpenJDK Runtime Environment //p') |" "| Jazzer | $jazzer_version |" \
    "| minutes | $2 in all, an equal part for each of ${#entries[@]} entries |" '' \
    'Coverage counts edges of the code that an entry instruments; the corpus holds the inputs that differ in it.' '' \
    '| entry | an input is | executions | a second | coverage | corpus | findings |' '|---|---|--:|--:|--:|--:|---|'
  for name in "${entries[@]}"; do
    end='see below'
    [[ -n ${entry_found[$name]:-} ]] || end=none
    [[ -n ${entry_row[$name]:-} ]] || end='not yet begun'
    printf '| `%s` | %s | %s | %s |\n' "$name" "${entry_says[$name]//|/\\|}" "${entry_row[$name]:-| | | }" "$end"
  done
  printf '%s\n' '' '## Findings' ''
  if ((${#entry_found[@]} == 0)); then
    printf 'None.\n'
  fi
  for name in "${entries[@]}"; do
    [[ -z ${entry_found[$name]:-} ]] || printf '`%s`:\n\n```\n%s\n```\n\n' "$name" "${entry_found[$name]//$root\//}"
  done
}
