# SPDX-License-Identifier: EPL-2.0
# Finding a Maven 3.9, or fetching one with the system's older Maven.

maven_version=3.9.16
maven_sha512=831a8591fe20c8243b1dbe7d71e3244f31d1665b0804b2e825e38cbbe5ce0cafb8338851f90780735568773e0a6cd07bbec107cda0b896b008b861075358b6f6
# The goal that fetches an artifact; of a fixed version, as everything that is fetched.
maven_copy=org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy

# system_maven: prints the version of the mvn on PATH, or nothing; its files say it faster than itself, and without a JDK
system_maven() {
  local program jar
  program=$(type -P mvn) || return 0
  program=$(readlink -f "$program")
  for jar in "${program%/*/*}"/lib/maven-core-*.jar; do
    # Debian's has a link to a file that has one with the version beside it.
    [[ ! -L $jar ]] || jar=$(readlink -f "$jar") || continue
    for jar in "$jar" "${jar%.jar}"-[0-9]*.jar; do
      if [[ $jar =~ -core-([0-9]+(\.[0-9]+)+)\.jar$ && -e $jar ]]; then
        printf '%s\n' "${BASH_REMATCH[1]}"
        return
      fi
    done
  done
  [[ -z ${jdk:-} ]] || JAVA_HOME=$jdk mvn -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p'
}

# find_maven: sets "maven" to a Maven 3.9 or fails and says how to get one; needs "jdk"
find_maven() {
  local own=$cache/maven/apache-maven-$maven_version/bin/mvn
  if [[ -x $own ]]; then
    maven=$own
    return
  fi
  local version
  version=$(system_maven)
  case $version in
    3.9.*) maven=mvn ;;
    '')
      fail 2 "no Maven found. How to get it: the package \"maven\" of your distribution, any version from 3.6 on;" \
        "Xenolith uses it to fetch Maven $maven_version when it is older than 3.9."
      ;;
    *)
      fetch_maven "$version"
      maven=$own
      ;;
  esac
}

fetch_maven() {
  local archive=apache-maven-$maven_version-bin.tar.gz folder=$cache/maven log=$cache/maven/fetch.log
  mkdir -p "$folder"
  say "fetching Maven $maven_version (the system's is $1)"
  # In its own folder, so that the checkout's build extensions, made for 3.9, are not loaded.
  (cd "$folder" && JAVA_HOME=$jdk mvn -B -C "$maven_copy" -Dmdep.overWriteReleases=true -DoutputDirectory="$folder" \
    -Dartifact="org.apache.maven:apache-maven:$maven_version:tar.gz:bin") >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    fail 2 "Maven $maven_version could not be fetched; is there a network? Full log: $log"
  }
  if ! printf '%s  %s\n' "$maven_sha512" "$folder/$archive" | sha512sum --check --status; then
    rm -f "$folder/$archive"
    fail 2 "the Maven that was fetched does not have the checksum in releng/sh/maven.sh; it was deleted"
  fi
  tar -xzf "$folder/$archive" -C "$folder"
  rm -f "$folder/$archive"
}

# fetch_jar FOLDER GROUP:ARTIFACT:VERSION SHA512 SCRIPT: sets "fetched_jar" to a tool's jar, from the folder or from Maven Central, if
# it has the checksum that stands in the script; needs "jdk"
fetch_jar() {
  local artifact version
  IFS=: read -r _ artifact version <<<"$2"
  fetched_jar=$1/$artifact-$version.jar
  if [[ ! -r $fetched_jar ]]; then
    find_maven
    mkdir -p "$1"
    say "fetching $artifact $version"
    # In its own folder, so that the checkout's build extensions are not loaded.
    (cd "$1" && JAVA_HOME=$jdk "$maven" -B -C "$maven_copy" -DoutputDirectory="$1" -Dartifact="$2") >"$1/fetch.log" 2>&1 || {
      tail -n 20 "$1/fetch.log" >&2
      fail 2 "$artifact could not be fetched; is there a network? Full log: $1/fetch.log"
    }
  fi
  printf '%s  %s\n' "$3" "$fetched_jar" | sha512sum --check --status || {
    rm -f "$fetched_jar"
    fail 2 "$fetched_jar does not have the checksum in $4; it was deleted"
  }
}

# run_maven LOG ARGUMENTS...: runs Maven on the whole checkout, shows progress, keeps the full log; "silence", if it is set, is the number of
# seconds after which a build that says nothing is ended
run_maven() {
  local log=$1 status=0
  shift
  find_maven
  mkdir -p "$(dirname "$log")"
  # Always from nothing: Tycho reads the manifests of the build before, even ahead of its own "clean", and compiles
  # only files that changed. The product is apart from these folders and stays as it is until it is replaced.
  rm -rf "$root"/{bundles,features,releng,tests}/*/target
  : >"$log" # before Maven starts, so that nobody reads what the run before wrote
  (cd "$root" && JAVA_HOME=$jdk "$maven" "$@") >>"$log" 2>&1 &
  local pid=$!
  trap 'kill $pid 2>/dev/null; exit 130' INT TERM
  show_progress "$log" "$pid"
  wait "$pid" || status=$?
  trap - INT TERM
  return "$status"
}

# show_progress LOG PID: one line per project, rewritten in place on a terminal. It starts no process: on a machine where
# that is slow, two in each half second were one core of two.
show_progress() {
  local log=$1 pid=$2 text= line='resolving and downloading' last= begin=$SECONDS heard=$SECONDS input pause
  local project='^\[INFO\] Building (.*[^ ]) +[0-9.]*-SNAPSHOT +(\[[0-9]+/[0-9]+\])$'
  exec {input}<"$log" {pause}<> <(:)
  while kill -0 "$pid" 2>/dev/null; do
    # A line that is not complete yet stays in "text" until its rest is there.
    while IFS= read -r -u "$input" || { text+=$REPLY && false; }; do
      [[ $text$REPLY =~ $project ]] && line="${BASH_REMATCH[2]} ${BASH_REMATCH[1]}"
      text=
      heard=$SECONDS
    done
    if [[ ${silence:-} ]] && ((SECONDS - heard > silence)); then
      end_silence "$pid" "$log" "$silence"
      heard=$SECONDS
    fi
    if [[ ${quiet:-} ]]; then
      :
    elif [[ -t 2 ]]; then
      printf '\r\033[Kxenolith: %s (%d s)' "$line" $((SECONDS - begin)) >&2
    elif [[ $line != "$last" ]]; then
      say "$line ($((SECONDS - begin)) s)"
      last=$line
    fi
    read -r -t 0.5 -u "$pause" || true
  done
  exec {input}<&- {pause}<&-
  [[ ! -t 2 || ${quiet:-} ]] || printf '\r\033[K' >&2
}

# show_failure LOG: the errors that Maven found and the end of its log
show_failure() {
  quiet=
  grep -m 30 '^\[ERROR\]' "$1" >&2 || tail -n 40 "$1" >&2
  say "full log: $1"
}

# format_sources: lays out all Java sources with the formatter and settings of pom.xml; needs "jdk"
format_sources() {
  local log=$root/target/format.log
  find_maven
  say "looking at the layout of all sources"
  mkdir -p "$root/target"
  (cd "$root" && JAVA_HOME=$jdk "$maven" -N net.revelc.code.formatter:formatter-maven-plugin:format) >"$log" 2>&1 || {
    grep '^\[ERROR\]' "$log" >&2 || tail -n 20 "$log" >&2
    fail 2 "the sources could not be laid out. Full log: $log"
  }
  sed -n 's/.*Processed \([0-9]*\) files.*Formatted: \([0-9]*\),.*/xenolith: \2 of \1 files changed/p' "$log" >&2
}
