# SPDX-License-Identifier: EPL-2.0
# Running commands in a bare root file system, as a user without rights.

# inside [--offline] [NAME=VALUE] COMMAND...: in the root file system "root", where nothing in "opt" can be written, with nothing in the environment but what is given; for
# "most" seconds
inside() {
  local net=()
  if [[ $1 == --offline ]]; then
    net=(--net)
    shift
  fi
  # A process that outlives its time goes with its name space.
  timeout -k 5 "$most" unshare --mount --pid --fork --kill-child "${net[@]}" sh -c '
    root=$1; shift
    mount --make-rprivate / && mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && mount --bind "$root/opt" "$root/opt" &&
      mount -o remount,bind,ro "$root/opt" || exit 70
    exec chroot --userspec=65534:65534 "$root" /usr/bin/env -i PATH=/usr/bin:/bin "$@"' sh "$root" "$@" </dev/null
}
