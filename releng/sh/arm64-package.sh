# SPDX-License-Identifier: EPL-2.0
# Sourced by the scripts that take a file out of one of Debian's arm64 packages: fetched and checked by the package client on a
# private state in the cache, without root. They set store, and say how to name themselves with say().

# client PROGRAM WORDS...: the package client on that state
client() {
  local program=$1
  shift
  "$program" -q -oAPT::Architecture=arm64 -oAPT::Architectures=arm64 -oDir::State="$store/state" \
    -oDir::State::Lists="$store/state/lists" -oDir::State::status="$store/state/status" -oDir::Cache="$store/cache" \
    -oDebug::NoLocking=1 -oAPT::Sandbox::User="$(id -un)" -oAcquire::Retries=3 -oAcquire::Languages=none "$@"
}

# unpack NAME_COMMAND INSTEAD: unpacks the package that NAME_COMMAND prints into $store/root; INSTEAD is what helps without a client
unpack() {
  local program package
  for program in apt-get apt-cache dpkg-deb; do
    command -v "$program" >/dev/null || {
      say "$program is not here, so the package can't be fetched; put $2 into $store"
      exit 2
    }
  done
  rm -rf "$store/state" "$store/cache" "$store/root"
  mkdir -p "$store"/{state/lists/partial,cache/archives/partial,root}
  : >"$store/state/status"
  {
    client apt-get update
    package=$($1)
    (cd "$store/root" && client apt-get download "${package:?no such package}" && dpkg-deb -x ./*.deb .)
  } >"$store/fetch.log" 2>&1 || {
    tail -n 20 "$store/fetch.log" >&2
    say "the package could not be fetched; is there a network? Full log: $store/fetch.log"
    exit 2
  }
}

# tidy: leaves nothing in the store but what was moved out of root
tidy() { rm -rf "$store/state" "$store/cache" "$store/root"; }
