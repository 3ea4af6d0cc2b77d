# Fuzzing the hypervisor from a guest's side with Jazzer, a coverage-guided fuzzer for the JVM (Apache License 2.0). It is a
# tool of the build, fetched by checksum, and no part of the product.

jazzer_version=0.30.0
jazzer_sha512=2680ea73213f0abe2d47d57cecdba62c17c49dd679c7f4e2773f93159f02cd0b2cace22aa37f18712e6ff84d1463dd9454c68f8d7491aef0b684d89f0a3dd0ea
jazzer_api_sha512=e0b32a924ef175b980d4330a914b0373d3bbfb61f18a3503daf26c9ce2224aa66a25e850075700ffbf1a65842c286debb8cf4d41fb039ab07ea55ecd6c5c8ba3
fuzz_folder=$root/target/fuzz
fuzz_entries=(hypercalls traps store rings pci)

# fuzz [--minutes N] [--fresh] [ENTRY]: all entries one after another, each for its part of the time
# fuzz --input FILE ENTRY: repeats a finding, without the fuzzer
fuzz() {
  local minutes=10 input= entry= fresh=
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
      --fresh) fresh=1 ;;
      --help)
        printf '%s\n' 'Usage: xenolith fuzz [--minutes N] [--fresh] [ENTRY]' '       xenolith fuzz --input FILE ENTRY' \
          "A guest attacks the hypervisor; entries are: ${fuzz_entries[*]}. See tests/org.xenolith.fuzz/README.md."
        exit
        ;;
      *)
        [[ -z $entry && " ${fuzz_entries[*]} " == *" $1 "* ]] || fail 2 "fuzz: what is '$1'? Usage:" \
          "./xenolith fuzz [--minutes N] [--fresh] [ENTRY], or --input FILE ENTRY; entries are: ${fuzz_entries[*]}"
        entry=$1
        ;;
    esac
    shift
  done
  find_jdk
  build_if_stale headless
  compile_fuzz
  read -ra fuzz_options <<<"${XENOLITH_JAVA_OPTS:-}"
  if [[ -n $input ]]; then
    [[ -n $entry ]] || fail 2 "--input: name the entry that the file is for: ${fuzz_entries[*]}"
    exec "$jdk/bin/java" -XX:+UseSerialGC "${fuzz_options[@]}" -cp "$fuzz_classes" org.xenolith.fuzz.Replay "$entry" "$input"
  fi
  fetch_jazzer
  local all=("${fuzz_entries[@]}") seconds status=0 name
  [[ -z $entry ]] || all=("$entry")
  seconds=$(awk "BEGIN { s = int($minutes * 60 / ${#all[@]} + 0.5); print s < 1 ? 1 : s }")
  for name in "${all[@]}"; do
    fuzz_entry "$name" "$seconds" "$fresh" || status=1
  done
  exit "$status"
}

# costs: measures what the hypervisor's work costs, on the machine that fuzzing uses
costs() {
  no_arguments costs "$@"
  find_jdk
  build_if_stale headless
  compile_fuzz
  read -ra fuzz_options <<<"${XENOLITH_JAVA_OPTS:-}"
  exec "$jdk/bin/java" -XX:+UseSerialGC "${fuzz_options[@]}" -cp "$fuzz_classes" org.xenolith.fuzz.Costs
}

# compile_fuzz: compiles what drives the machine, beside what a campaign that still runs uses; sets "fuzz_classes", the class path
compile_fuzz() {
  local sources jars folder
  mapfile -t sources < <(find "$root/tests/org.xenolith.fuzz/src" -name '*.java' | LC_ALL=C sort)
  jars=$(printf '%s:' "$home"/plugins/*.jar "$home/lib/framework.jar")
  folder=$fuzz_folder/classes/$({ cat "${sources[@]}" && ls -l --time-style=full-iso "$home"/plugins; } | sha256sum | head -c 16)
  if [[ ! -d $folder ]]; then
    mkdir -p "$fuzz_folder"
    "$jdk/bin/javac" -proc:none -Xlint:-options -nowarn --release 25 -cp "$jars" -d "$folder.new.$$" "${sources[@]}" ||
      fail 4 "what drives the fuzzed machine does not compile against this product"
    mv -T "$folder.new.$$" "$folder"
  fi
  fuzz_classes=$folder:$jars
}

# fetch_jazzer: sets "jazzer", its class path
fetch_jazzer() {
  local folder=$cache/jazzer/$jazzer_version group=com.code-intelligence
  fetch_jar "$folder" "$group:jazzer:$jazzer_version" "$jazzer_sha512" releng/sh/fuzz.sh
  jazzer=$fetched_jar
  fetch_jar "$folder" "$group:jazzer-api:$jazzer_version" "$jazzer_api_sha512" releng/sh/fuzz.sh
  jazzer+=:$fetched_jar
}

# fuzz_entry ENTRY SECONDS FRESH: fails if something was found; FRESH leaves out what earlier campaigns learnt
fuzz_entry() {
  local name=$1 learnt=$fuzz_folder/corpus/$1 log=$fuzz_folder/$1.log status=0 options=()
  if [[ -n $3 ]]; then
    learnt=$fuzz_folder/fresh/$1
    rm -rf "$learnt"
    options=(-seed=1)
  fi
  mkdir -p "$learnt" "$fuzz_folder/artifacts" "$fuzz_folder/findings"
  # Only the hypervisor is instrumented: what the guest's side of the machine does isn't of interest.
  "$jdk/bin/java" -Xmx1g -XX:+UseSerialGC -XX:+EnableDynamicAgentLoading --enable-native-access=ALL-UNNAMED "${fuzz_options[@]}" \
    "-Djava.io.tmpdir=${TMPDIR:-/tmp}" "-Dxenolith.fuzz.entry=$name" "-Dxenolith.fuzz.findings=$fuzz_folder/findings" \
    -cp "$fuzz_classes:$jazzer" com.code_intelligence.jazzer.Jazzer --target_class=org.xenolith.fuzz.FuzzTarget \
    '--instrumentation_includes=org.xenolith.hyp.**' --custom_hook_includes=none "--reproducer_path=$fuzz_folder/artifacts" \
    "-artifact_prefix=$fuzz_folder/artifacts/$name-" -timeout=120 -max_len=2048 -len_control=20 -use_value_profile=1 \
    "-max_total_time=$2" "${options[@]}" "$learnt" "$root/tests/org.xenolith.fuzz/corpus/$name" >"$log" 2>&1 || status=$?
  awk -v entry="$name" '
    / cov: / { for (i = 1; i < NF; i++) { if ($i == "cov:") cov = $(i + 1); if ($i == "corp:") corpus = $(i + 1) } }
    /^Done [0-9]+ runs/ { runs = $2; seconds = $5 }
    /^#[0-9]+/ { last = substr($1, 2) }
    END { printf "%s: %d executions, coverage %d, corpus %s\n", entry, runs ? runs : last, cov, corpus }' "$log"
  if ((status)); then
    sed -n '/Java Exception/,/^DEDUP_TOKEN/p' "$log" | grep -v '^\s*at ' >&2 || true
    # A hang or the end of memory ends the fuzzer itself, which keeps the input.
    sed -n "s#^.*Test unit written to \(.*-\(timeout\|oom\)-.*\)#xenolith: repeat it with: ./xenolith fuzz --input \1 $name#p" "$log" >&2
    say "$name: something was found (or the fuzzer failed); full log: $log"
    return 1
  fi
}
