# SPDX-License-Identifier: EPL-2.0
# Sourced by the scripts that take a file out of one of Debian's packages: the one that the lock of guests' packages names, so
# that all compare with the same software. They set store, and say how to name themselves with say().

# unpack PACKAGE: unpacks a package of the lock into $store/root
unpack() {
  local launcher
  launcher=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../xenolith
  command -v dpkg-deb >/dev/null || {
    say "dpkg-deb is not here, so the package $1 can't be unpacked. Install the package dpkg"
    exit 2
  }
  rm -rf "$store/root" "$store/package"
  mkdir -p "$store/root"
  "$launcher" packages fetch "$1" --to "$store/package" >"$store/fetch.log" 2>&1 || {
    tail -n 20 "$store/fetch.log" >&2
    say "the package $1 could not be fetched. Full log: $store/fetch.log"
    exit 2
  }
  dpkg-deb -x "$store"/package/*.deb "$store/root"
  basename "$store"/package/*.deb .deb >"$store/package.new"
}

# tidy: leaves nothing in the store but what was moved out of root, and the name of the package that it is of
tidy() {
  mv "$store/package.new" "$store/origin"
  rm -rf "$store/root" "$store/package"
}

# made_of PACKAGE: whether what is in the store was taken out of the package as the lock that holds names it
made_of() {
  [[ -r $store/origin ]] || return 1
  local line
  line=$("$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../xenolith" packages 2>/dev/null | grep "^$1 ") || return 1
  [[ $(basename "${line##* }" .deb) == "$(<"$store/origin")" ]]
}
