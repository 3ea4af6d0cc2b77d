# SPDX-License-Identifier: EPL-2.0
# Running every test and counting.

# shellcheck source=releng/sh/full.sh
. "$root/releng/sh/full.sh"
# shellcheck source=releng/sh/display.sh
. "$root/releng/sh/display.sh"
# shellcheck source=releng/sh/silence.sh
. "$root/releng/sh/silence.sh"

# run_tests [--full] [MAVEN-ARGUMENT...]: --full adds the long lanes; all of them together go on where they were interrupted
run_tests() {
  # One method may take four fifths of that in the default lane, on a host that is three times as slow as usual, too; and the fuzzers' hour is one in the full lane.
  local silence=1500
  local lane=default log=$root/target/test.log status=0 stamps whole=
  show_usage test "$@"
  if [[ ${1:-} == --full ]]; then
    lane=full
    silence=11700
    shift
  fi
  maven_options test "$@"
  [[ $lane != full || $# -gt 0 ]] || whole=1
  local of_lane=()
  [[ $lane != full ]] || of_lane=(-Dxenolith.unitForks=1 -Dxenolith.unitCompilers=-XX:TieredStopAtLevel=4 -Dxenolith.excludedTags=none -Dxenolith.testLimit=3h)
  if [[ " $*" == *" -Dtest="* ]]; then
    # Most bundles have none of the tests that were asked for; if no bundle has any, the count fails.
    set -- "$@" -Dsurefire.failIfNoSpecifiedTests=false -Dxenolith.failIfNoTests=false
  fi
  local given units=
  needed_projects "$@"
  set -- "${given[@]}"
  find_jdk
  export XENOLITH_LANE=$lane XENOLITH_CACHE=$cache XENOLITH_NO_BUILD=1
  if [[ -z $units ]]; then
    local tools
    tools=$("$root/releng/test-tools") || fail 2 "the tools that the tests compare with are missing; see above"
    export PATH=$tools${tools:+:}$PATH
  fi
  keep_passed
  find "$root"/{bundles,tests,product,releng} -path '*/target/*-reports/TEST-*.xml' -delete
  if [[ $whole ]]; then
    begin_full
    log=$full_log
    set -- "${full_arguments[@]}"
  fi
  # Failures are counted below, so that one of them does not hide what comes after it.
  stamps=$(take_stamps workbench)
  [[ -n $units ]] || use_unseen_display
  run_maven "$log" verify --fail-at-end -Dmaven.test.failure.ignore=true "${of_lane[@]}" "$@" || status=$?
  if ((status)); then
    show_failure "$log"
    say "the build failed: tests of what could not be built did not run"
  elif (($# == 0)) || [[ $whole ]]; then
    make_reference
    keep_stamps "$stamps" # with arguments the products may not have been among what was built
  fi
  show_failed_tests
  [[ ! $whole ]] || end_full "$status"
  count_tests "$status"
}

# needed_projects [MAVEN-ARGUMENT...]: sets "given" to the arguments, which also build what chosen projects need: a build starts from
# nothing. What is on a provider's build path (releng/device.bnd) Maven does not see as needed, nor that tests across bundles need providers; with
# all of it chosen, too, the order is that of a full build. Sets "units" if all are bundles, whose tests need no tools and no display.
needed_projects() {
  local chosen=() name names kit=
  given=()
  while (($#)); do
    case $1 in
      -pl | --projects)
        chosen+=("${2:-}")
        shift
        ;;
      -pl?* | --projects=*) chosen+=("${1#*[=l]}") ;;
      *) given+=("$1") ;;
    esac
    shift
  done
  ((${#chosen[@]})) || return 0
  units=1
  IFS=, read -ra names <<<"$(IFS=, && printf '%s' "${chosen[*]}")"
  for name in "${names[@]}"; do
    [[ -d $root/bundles/${name#:} ]] || units=
    [[ -d $root/bundles/${name#:} && ! -e $root/bundles/${name#:}/pde.bnd ]] || kit=$(sed -n 's/^  \(org\.xenolith\.[a-z0-9.]*\),\\$/:\1,/p' "$root/releng/device.bnd" | tr -d '\n')
  done
  given+=(-am -pl "$kit$(IFS=, && printf '%s' "${names[*]}")")
}

# use_unseen_display: for the tests that open windows; sets DISPLAY
use_unseen_display() {
  start_display || fail 2 "the display server for the tests does not start; its log is target/display.log"
  unset WAYLAND_DISPLAY
  export DISPLAY=$XENOLITH_UNSEEN_DISPLAY
  local setting
  while IFS= read -r setting; do
    export "${setting?}"
  done < <("$root/releng/test-tools" --window)
}

# test_reports: of this run; of a full one that went on, of those before, too
test_reports() {
  find "$root"/{bundles,tests,product,releng} -path '*/target/*-reports/TEST-*.xml' | LC_ALL=C sort
  earlier_reports
}

# show_failed_tests: class and method of each test that failed, and what it said; the log has the rest
show_failed_tests() {
  test_reports | xargs -r -d '\n' awk '
    /<testcase / { match($0, / name="[^"]*"/); name = substr($0, RSTART + 7, RLENGTH - 8)
                   match($0, / classname="[^"]*"/); class = substr($0, RSTART + 12, RLENGTH - 13) }
    /<(failure|error)[ >]/ { print "FAILED " class "." name
                   if (match($0, / message="[^"]*"/)) {
                     said = substr($0, RSTART + 10, RLENGTH - 11); gsub(/&#10;/, " ", said); gsub(/&lt;/, "<", said); gsub(/&gt;/, ">", said)
                     gsub(/&quot;/, "\"", said); gsub(/&apos;/, "\047", said); gsub(/&amp;/, "\\&", said); print "  " substr(said, 1, 300) } }'
}

# count_tests STATUS: prints the count as the last line; exits 0 only when all went well and tests ran at all
count_tests() {
  local passed failed skipped
  read -r passed failed skipped < <(test_reports | xargs -r -d '\n' cat | awk '
    function count(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3) + 0 : 0 }
    /<testsuite / { in_suite = 1 }
    in_suite { tests += count("tests"); bad += count("failures") + count("errors"); skipped += count("skipped") }
    in_suite && />/ { in_suite = 0 }
    END { print tests - bad - skipped, bad + 0, skipped + 0 }')
  if [[ ${passed:-0} == 0 && ${failed:-0} == 0 && ${XENOLITH_LANE:-} != full ]]; then
    say "no test ran; what the full lane alone has runs by './xenolith test --full -Dtest=NAME'"
  fi
  printf '%d passed, %d failed, %d skipped\n' "${passed:-0}" "${failed:-0}" "${skipped:-0}"
  (($1 == 0 && ${failed:-0} == 0 && ${passed:-0} > 0)) || exit 1
}
