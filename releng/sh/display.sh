# SPDX-License-Identifier: EPL-2.0
# A display that nobody sees.

# start_display: starts one that ends with this script, and sets XENOLITH_UNSEEN_DISPLAY; returns 1 if it doesn't start. Needs Xvfb on PATH
start_display() {
  local number
  mkdir -p "$root/target"
  # Its number comes on standard output as soon as it can be used.
  exec 8< <(exec Xvfb -displayfd 1 -screen 0 1440x960x24 -nolisten tcp 2>"$root/target/display.log")
  display_server=$!
  trap 'kill "$display_server" 2>/dev/null' EXIT
  read -r -t 30 number <&8 || {
    tail -n 20 "$root/target/display.log" >&2
    return 1
  }
  export XENOLITH_UNSEEN_DISPLAY=:$number
}

# stop_display: ends it
stop_display() {
  kill "$display_server" 2>/dev/null || true
  trap - EXIT
  unset XENOLITH_UNSEEN_DISPLAY
}
