# SPDX-License-Identifier: EPL-2.0
# Opening the workbench.

workbench_usage='Usage: ./xenolith workbench [-h]
Opens the window: topology, bundles, domains, events and a console. It ends when the window is closed.
  -h, --help   Show this help message and exit.

It needs a display and GTK 3, and takes no other arguments: what to boot is asked by Machine > Boot…

XENOLITH_CACHE      where downloads are kept (default: xenolith in the user'"'"'s cache folder)
XENOLITH_JAVA_OPTS  more flags for the JVM, for example -Xmx8g
XENOLITH_WORKSPACE  where what is arranged in the window is kept (default: xenolith/workbench in the folder of the user'"'"'s state, ~/.local/state)
XENOLITH_NO_BUILD   when set, run what is there without looking whether it is stale
TMPDIR              where a run keeps its own files until it ends (default: /tmp)'

# run_workbench: until the window is closed
run_workbench() {
  local product options status=0
  if [[ " $* " == *" -h "* || " $* " == *" --help "* ]]; then
    printf '%s\n' "$workbench_usage"
    return
  fi
  (($# == 0)) || fail 2 "workbench takes no arguments, but was given: $*; see ./xenolith workbench --help"
  find_display
  find_jdk
  if [[ -n ${XENOLITH_NO_BUILD:-} ]]; then
    build_if_stale workbench # which says what is missing
  elif is_stale workbench; then
    open_display # who can't open a window needn't wait for a build; else the workbench itself looks
    build_if_stale workbench
  fi
  product=$(readlink -f "$root/product-ui/target/workbench") # a build that ends meanwhile makes the link lead elsewhere
  read -ra options <<<"${XENOLITH_JAVA_OPTS:-}"
  tell_crashes "$product"
  [[ ! -r $product/classes.aot ]] || options=("-XX:AOTCache=$product/classes.aot" "${options[@]}")
  export XENOLITH_CACHE=$cache # one folder for all that is fetched, whoever fetches it
  "$jdk/bin/java" "@$product/jvm.options" "${options[@]}" "-Dxenolith.root=$root" "-Djava.io.tmpdir=${TMPDIR:-/tmp}" \
    -jar "$product/lib/xenolith.jar" &
  workbench=$!
  trap 'kill "$workbench" 2>/dev/null' INT TERM HUP
  wait "$workbench" || status=$?
  wait "$workbench" 2>/dev/null || true # once more when a signal ended the first
  ((status != 3)) || no_display
  exit "$status"
}

# find_display: fails when there is nowhere to open a window, or nothing to draw it with
find_display() {
  [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]] || fail 2 "there is no display to open a window on. Run this on a desktop or" \
    "over ssh -X; or without a person: xvfb-run ./xenolith workbench (package xvfb)"
  has_gtk || fail 2 "the GTK library that draws windows is missing; install the package libgtk-3-0 (Debian, Ubuntu) or gtk3"
}

# open_display: fails when no window can be opened on the display that is named; needs "jdk"
open_display() {
  local status=0
  # The library's own complaints name its functions; what a person can do is said here.
  "$jdk/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED "$root/releng/sh/OpenDisplay.java" \
    >/dev/null 2>&1 || status=$?
  ((status != 3)) || no_display
}

# no_display: fails because a display that is named isn't there
no_display() {
  fail 2 "the display ${DISPLAY:-${WAYLAND_DISPLAY:-}} can't be opened: no display server answers there, or it refuses this user." \
    "Run this on a desktop or over ssh -X; or without a person: xvfb-run ./xenolith workbench (package xvfb)"
}

# has_gtk: whether the library is there
has_gtk() {
  local libraries folder
  local -a folders
  IFS=: read -ra folders <<<"${LD_LIBRARY_PATH:-}"
  for folder in "${folders[@]}"; do
    [[ ! -e $folder/libgtk-3.so.0 ]] || return 0
  done
  libraries=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null) || true
  [[ $libraries == *libgtk-3.so.0* ]]
}
