# SPDX-License-Identifier: EPL-2.0
# Saying what this machine has and lacks.

doctor_problems=0
doctor_json=
doctor_found=()

# check STATE NAME DETAIL: STATE is ok, or absent (not needed to boot), or missing (needed)
check() {
  [[ $1 != missing ]] || doctor_problems=$((doctor_problems + 1))
  if [[ $doctor_json ]]; then
    doctor_found+=("$(printf '{"state": %s, "name": %s, "detail": %s}' "$(json_text "$1")" "$(json_text "$2")" "$(json_text "$3")")")
  elif [[ ! $quiet || $1 == missing ]]; then
    printf '%-8s %-22s %s\n' "$1" "$2" "$3"
  fi
}

# json_text TEXT: prints it as a string of JSON (RFC 8259, 7); what isn't UTF-8 is left out, other control characters become blanks
json_text() {
  local text
  text=$(iconv -c -f UTF-8 -t UTF-8 <<<"$1" 2>/dev/null) || text=$1
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\t'/\\t}
  text=${text//$'\n'/\\n}
  printf '"%s"' "${text//[[:cntrl:]]/ }"
}

# doctor_answer: prints all of it as one JSON document of the kind that docs/json/doctor.json describes
doctor_answer() {
  local usable=true IFS=
  ((doctor_problems == 0)) || usable=false
  printf '{\n  "kind": "doctor",\n  "version": 1,\n  "usable": %s,\n  "checks": [\n' "$usable"
  printf '    %s,\n' "${doctor_found[@]::${#doctor_found[@]}-1}"
  printf '    %s\n  ]\n}\n' "${doctor_found[-1]}"
}

# doctor [--json]
doctor() {
  if [[ ${1:-} == --json ]]; then
    doctor_json=1
    shift
  fi
  no_arguments doctor "$@"
  doctor_processor
  doctor_jdk
  doctor_maven
  doctor_product
  doctor_packages
  doctor_window
  doctor_tools
  doctor_space
  [[ ! $doctor_json ]] || doctor_answer
  if ((doctor_problems)); then
    quiet=
    say "$doctor_problems of these must be mended before Xenolith can build and boot a Debian guest"
    exit 2
  fi
  say "this machine can build and run Xenolith"
}

# doctor_processor: what guests' code becomes here, and which CPUs guests can have
doctor_processor() {
  local host name files names
  host=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2>/dev/null | head -n 1)
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) check ok processor "${host:-x86_64}: guests' code becomes its machine code" ;;
    *) check absent "machine code" "${host:-$(uname -m)} is no x86-64 with Linux: guests' code becomes JVM bytecode, at several times the duration" ;;
  esac
  names=
  for files in "$root"/bundles/*/src/main/resources/cpus/*.cpu; do
    name=${files##*/}
    [[ -e $files ]] && names+="${names:+, }${name%.cpu}"
  done
  [[ -z $names ]] || check ok "CPUs of guests" "$names (boot --cpu NAME; 'models' lists those of plug-ins, too)"
}

doctor_jdk() {
  local wrong
  search_jdk
  wrong_jdk
  if [[ -n $wrong ]]; then
    check missing "JDK $jdk_release" "$wrong"
  elif [[ -n $jdk ]]; then
    check ok "JDK $jdk_release" "$jdk"
  else
    check missing "JDK $jdk_release" "package temurin-$jdk_release-jdk or openjdk-$jdk_release-jdk; or unpack one and set JAVA_HOME"
  fi
}

doctor_maven() {
  local version
  if [[ -x $cache/maven/apache-maven-$maven_version/bin/mvn ]]; then
    check ok Maven "$maven_version in $cache/maven"
    return
  fi
  version=$(system_maven)
  case $version in
    '')
      if [[ -z $jdk ]] && command -v mvn >/dev/null; then
        check ok Maven "$(command -v mvn); which version it is, it says when there is a JDK"
      else
        check missing Maven "package maven (any from 3.6 on; the build fetches $maven_version with it)"
      fi
      ;;
    [12].* | 3.[0-5] | 3.[0-5].*) check missing Maven "$version on PATH is too old: any from 3.6 on; package maven of a newer release" ;;
    3.9.*) check ok Maven "$version on PATH" ;;
    *) check ok Maven "$version on PATH, used to fetch $maven_version at the first build" ;;
  esac
}

# doctor_product: whether something is built, and can be
doctor_product() {
  local folder=$root/target
  if is_current; then
    check ok product "built from these sources"
    return
  elif is_built; then
    check absent product "built from other sources, or with another JDK: the next command builds"
  else
    check absent product "not built yet: the first command that needs it builds, which takes some minutes"
  fi
  [[ -e $folder ]] || folder=$root
  [[ -w $folder ]] || check missing checkout "$folder can't be written, so nothing can be built there: let its owner build, or clone it elsewhere"
}

doctor_packages() {
  local tool
  for tool in apt-get dpkg-deb; do
    if command -v "$tool" >/dev/null; then
      check ok "$tool" "$(command -v "$tool"), fetches the test tools, and Debian packages that the lock doesn't know"
    else
      check absent "$tool" "package apt or dpkg; without it tests lack tools, and 'packages update' can't ask what is newer"
    fi
  done
}

doctor_window() {
  if has_gtk; then
    check ok "GTK 3" "draws the workbench"
  else
    check absent "GTK 3" "package libgtk-3-0 or gtk3; without it there is no workbench, and its test fails"
  fi
}

doctor_tools() {
  local tool
  while read -r tool _; do
    [[ $tool != *.so.* ]] || continue # doctor_window has said it
    if command -v "$tool" >/dev/null; then
      check ok "$tool" "$(command -v "$tool")"
    elif [[ -x $cache/test-tools/bin/$tool ]]; then
      check ok "$tool" "$cache/test-tools/bin/$tool"
    else
      check absent "$tool" "only tests need it; ./xenolith test fetches it"
    fi
  done < <("$root/releng/test-tools" --list)
}

doctor_space() {
  local free place=$cache
  while [[ ! -e $place && $place == */* ]]; do
    place=${place%/*}
  done
  place=${place:-/}
  if [[ ! -d $place || ! -w $place ]]; then
    check missing cache "$cache can't be written; set XENOLITH_CACHE to a place that can"
    return
  fi
  free=$(df -Pk "$place" | awk 'NR == 2 { print int($4 / 1024) }')
  if ((free >= 1500)); then
    check ok "disk space" "$free MiB free for $cache"
  else
    check missing "disk space" "$free MiB free for $cache, 1500 are needed; set XENOLITH_CACHE to a roomier place"
  fi
}
