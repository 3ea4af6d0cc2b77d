# Building the product when its sources changed.

stamp_file=$root/product/target/xenolith.stamp

# sources_stamp: prints a digest of name, size and age of all that goes into the product, and of the JDK
sources_stamp() {
  (cd "$root" && {
    printf '%s\n' "$root" "$jdk"
    find pom.xml .mvn target-platform releng bundles product \
      \( -name target -o -name src-gen -o -name test -o -name sh \) -type d -prune -o \
      -type f ! -name '.polyglot*' ! -name .tycho-consumer-pom.xml -printf '%p %s %T@\n' | LC_ALL=C sort
  } | sha256sum)
}

# build_if_stale: builds the product, without its tests, unless it was made from these sources; needs "jdk"
build_if_stale() {
  local stamp
  if [[ -n ${XENOLITH_NO_BUILD:-} ]]; then
    [[ -d $home/lib ]] || fail 2 "nothing is built yet, and XENOLITH_NO_BUILD forbids it"
    return
  fi
  stamp=$(sources_stamp)
  [[ -r $stamp_file && $(<"$stamp_file") == "$stamp" ]] && return
  mkdir -p "$root/target"
  exec 9>"$root/target/build.lock"
  if command -v flock >/dev/null; then
    flock -n 9 || { say "waiting for another build of this checkout"; flock 9; }
  fi
  if ! [[ -r $stamp_file && $(<"$stamp_file") == "$stamp" ]]; then
    build_product "$stamp"
  fi
  exec 9>&-
}

build_product() {
  local log=$root/target/build.log
  if [[ -d $cache/maven && -d $home ]]; then
    say "sources changed: building"
  else
    say "building for the first time; downloads what is missing, which can take some minutes"
  fi
  rm -f "$stamp_file"
  run_maven "$log" package -Dxenolith.product.only -Dmaven.test.skip=true || {
    show_failure "$log"
    fail 4 "the build failed"
  }
  printf '%s\n' "$1" >"$stamp_file"
  say "built"
}
