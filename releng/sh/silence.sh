# SPDX-License-Identifier: EPL-2.0
# Ending a build that says nothing any more: a test that hangs and heeds no interrupt would hold a CI until its own limit, and nobody would
# know which it was.

# processes_below PID: prints the processes that it started and those these started, a line each, but none that has ended and waits to be asked for
processes_below() {
  local child command
  while IFS= read -r child; do
    command=$(tr '\0' ' ' 2>/dev/null <"/proc/$child/cmdline") || continue
    if [[ $command ]]; then
      printf '%s\n' "$child"
      processes_below "$child"
    fi
  done < <(cat "/proc/$1/task/"*/children 2>/dev/null | tr ' ' '\n' | grep .)
}

# end_silence PID LOG SECONDS: keeps the stacks of every JVM of the build, which that process runs or is, in target/hang, says so, and kills what Maven
# has started, so that its other tests still run, or Maven itself if that is what hangs; needs "jdk"
end_silence() {
  local folder=$root/target/hang process command maven= all
  mkdir -p "$folder"
  say "the build has said nothing for $3 s: a test hangs, and is ended. What ran last:" \
    "$(grep -aoE 'Running [A-Za-z0-9_.$]+' "$2" | tail -n 2 | cut -d ' ' -f 2 | paste -sd ' ')"
  all=$(processes_below "$1")
  for process in "$1" $all; do
    command=$(tr '\0' ' ' 2>/dev/null <"/proc/$process/cmdline") || continue
    [[ $command == *bin/java\ * ]] || continue
    [[ $command != *plexus.classworlds* ]] || maven=$process
    {
      printf '%s\n' "$command"
      timeout 20 "$jdk/bin/jcmd" "$process" Thread.print -l 2>&1 || printf 'it gives no stacks\n'
    } >"$folder/$process.txt"
  done
  say "the stacks of its JVMs are in $folder"
  all=$(processes_below "${maven:-$1}")
  # shellcheck disable=SC2086 # numbers, one word each
  kill -9 ${all:-${maven:-$1}} 2>/dev/null || true
}
