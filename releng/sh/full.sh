# SPDX-License-Identifier: EPL-2.0
# Full runs of the tests, which take hours: one that was interrupted goes on with the classes that have not passed for these sources.
#
# target/full: sources (digest of what is tested), running (a run was begun and nothing has collected its reports yet), reports
# (of the classes that passed), test-N.log (of each part).

full=$root/target/full

# full_sources: prints a digest of all that a run depends on in this checkout, and of the JDK
full_sources() {
  (cd "$root" && {
    printf '%s\n' "$jdk"
    find . \( -name target -o -name src-gen -o -name .git -o -name dist \) -prune -o \
      -type f ! -name '.polyglot*' ! -name .tycho-consumer-pom.xml -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  } | sha256sum)
}

# passed_reports: of the classes among the reports of the last run that have passed
passed_reports() {
  find "$root"/{bundles,tests,product,releng} -path '*/target/*-reports/TEST-*.xml' | LC_ALL=C sort | while IFS= read -r report; do
    # A report that was cut short has no end.
    if grep -q '</testsuite>' "$report" && ! grep -qE '<(failure|error)[ >]' "$report"; then
      printf '%s\n' "$report"
    fi
  done
}

# keep_passed: collects what a full run before had come to, however it ended
keep_passed() {
  [[ -e $full/running ]] || return 0
  mkdir -p "$full/reports"
  passed_reports | while IFS= read -r report; do
    cp "$report" "$full/reports/"
  done
  rm -f "$full/running"
}

# begin_full: sets "full_log" and "full_arguments", for Maven, which leave out what has passed; needs "jdk"
begin_full() {
  local sources parts passed
  sources=$(full_sources)
  if ! [[ -r $full/sources && $(<"$full/sources") == "$sources" ]]; then
    rm -rf "$full"
  fi
  mkdir -p "$full/reports"
  printf '%s\n' "$sources" >"$full/sources"
  parts=("$full"/test-*.log)
  [[ -e ${parts[0]} ]] || parts=()
  full_log=$full/test-$((${#parts[@]} + 1)).log
  full_arguments=()
  passed=$(passed_classes)
  if [[ $passed ]]; then
    say "going on: $(find "$full/reports" -name 'TEST-*.xml' | wc -l) classes have passed for these sources (rm -r target/full begins anew)"
    full_arguments=("-Dxenolith.passedTests=$passed" -Dxenolith.failIfNoTests=false)
  fi
  touch "$full/running"
}

# passed_classes: the classes of the kept reports as Surefire's patterns, with commas
passed_classes() {
  find "$full/reports" -name 'TEST-*.xml' -printf '%f\n' | LC_ALL=C sort |
    sed 's/^TEST-//; s/\.xml$//; s|\.|/|g; s|$|.class|' | paste -sd,
}

# earlier_reports: the kept reports, while a full run goes on
earlier_reports() {
  if [[ -e $full/running ]]; then
    find "$full/reports" -name 'TEST-*.xml' | LC_ALL=C sort
  fi
}

# end_full STATUS: the run came to its end; if all has passed, the next one begins anew
end_full() {
  if (($1 == 0)) && [[ -z $(show_failed_tests) ]]; then
    rm -f "$full/sources"
  fi
}
