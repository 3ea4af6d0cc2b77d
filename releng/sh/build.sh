# SPDX-License-Identifier: EPL-2.0
# Building a product when its sources changed: the headless one, or the workbench too, which holds all of the headless one.

# stamp_file headless|workbench: prints where the stamp of that product is kept
stamp_file() {
  case $1 in
    headless) printf '%s\n' "$root/product/target/xenolith.stamp" ;;
    workbench) printf '%s\n' "$root/product-ui/target/workbench.stamp" ;;
  esac
}

# sources_stamp headless|workbench: prints a digest of name, size and age of all that goes into the product, and of the JDK
sources_stamp() {
  local products=(product)
  local window=(-o -name 'org.xenolith.ui.*')
  if [[ $1 == workbench ]]; then
    products+=(product-ui)
    window=()
  fi
  (cd "$root" && {
    printf '%s\n' "$jdk"
    find pom.xml .mvn target-platform releng bundles "${products[@]}" \
      \( -name target -o -name src-gen -o -name test -o -name sh -o -name bin -o -name 'bin-*' -o -name .settings -o -name ide \
      -o -path releng/help "${window[@]}" \) -type d -prune -o \
      -type f ! -name '.polyglot*' ! -name .tycho-consumer-pom.xml ! -name .project ! -name .classpath -printf '%p %s %T@\n' | LC_ALL=C sort
  } | sha256sum)
}

# is_stale headless|workbench: whether the product was made from other sources than there are now
is_stale() {
  local made
  made=$(stamp_file "$1")
  ! [[ -r $made && $(<"$made") == "$(sources_stamp "$1")" ]]
}

# build_if_stale headless|workbench: builds the product, without its tests, unless it was made from these sources; needs "jdk"
build_if_stale() {
  local stamp made
  made=$(stamp_file "$1")
  if [[ -n ${XENOLITH_NO_BUILD:-} ]]; then
    [[ -d ${made%.stamp}/plugins ]] || fail 2 "nothing is built yet, and XENOLITH_NO_BUILD forbids it"
    return
  fi
  stamp=$(sources_stamp "$1")
  [[ -r $made && $(<"$made") == "$stamp" ]] && return
  require_writable
  exec 9>"$root/target/build.lock"
  if command -v flock >/dev/null; then
    flock -n 9 || { say "waiting for another build of this checkout"; flock 9; }
  fi
  if ! [[ -r $made && $(<"$made") == "$stamp" ]]; then
    build_product "$1"
  fi
  exec 9>&-
}

# require_writable: fails when a build could not write into this checkout
require_writable() {
  local folder lacks=
  for folder in "$root/target" "$root/product/target"; do
    { mkdir -p "$folder" && [[ -d $folder && -w $folder ]] && : >"$folder/.writable"; } 2>/dev/null || lacks+=" $folder"
    rm -f "$folder/.writable" 2>/dev/null || true
  done
  [[ -z $lacks ]] || fail 2 "the sources differ from what was built, and a build can't write here:$lacks." \
    "Make room and give yourself the right to write, let the owner of the checkout run ./xenolith build, or clone it elsewhere;" \
    "XENOLITH_NO_BUILD=1 runs what was built before"
}

# train_unseen: starts a display for the process that shows the JVM what a start of the workbench loads; returns 1 if there is none
train_unseen() {
  local tools
  # shellcheck source=releng/sh/display.sh
  . "$root/releng/sh/display.sh"
  tools=$("$root/releng/test-tools" Xvfb libgtk-3.so.0) && PATH=$tools${tools:+:}$PATH start_display && return
  say "there is no display that nobody sees (package xvfb), or nothing that draws on it (libgtk-3-0): the window will take longer to open"
  return 1
}

# window_projects: prints the projects of the workbench, to be left out, as Maven wants it
window_projects() {
  local folder names=()
  for folder in "$root"/bundles/org.xenolith.ui.*/; do
    names+=("!:$(basename "$folder")")
  done
  (IFS=, && printf '%s\n' "${names[*]}")
}

# build_product headless|workbench
build_product() {
  local log=$root/target/build.log stamps unseen= setting parts=()
  if [[ -d $cache/maven && -d $home ]]; then
    say "sources changed: building"
  else
    say "building for the first time; downloads what is missing, which can take some minutes"
  fi
  if [[ $1 == workbench && -z ${XENOLITH_UNSEEN_DISPLAY:-} ]] && train_unseen; then
    unseen=1
    # Of this function and what it calls: nobody else is to find libraries there.
    while IFS= read -r setting; do
      local -x "${setting?}"
    done < <("$root/releng/test-tools" --window)
  fi
  if [[ $1 == headless ]]; then
    parts=(-Dxenolith.headless.only --projects "$(window_projects)")
  fi
  stamps=$(take_stamps "$1")
  run_maven "$log" package -Dxenolith.product.only -Dmaven.test.skip=true "${parts[@]}" || {
    show_failure "$log"
    fail 4 "the build failed"
  }
  [[ -z $unseen ]] || stop_display
  keep_stamps "$stamps"
  make_reference
  say "built"
}

# make_reference: dist/reference, the pages that repeat what bundles say of themselves; a README that says too little is the tests' to complain of
make_reference() {
  local said
  said=$("$root/releng/make-reference" 2>&1) || say "dist/reference isn't up to date: ${said%%$'\n'*}"
}

# take_stamps headless|workbench: prints the stamps of what is going to be built, and forgets what was
take_stamps() {
  local kind
  for kind in headless workbench; do
    if [[ $kind == headless || $1 == workbench ]]; then
      rm -f "$(stamp_file "$kind")"
      printf '%s %s\n' "$kind" "$(sources_stamp "$kind")"
    fi
  done
}

# keep_stamps STAMPS: says of which sources the products were made
keep_stamps() {
  local kind stamp
  while read -r kind stamp; do
    printf '%s\n' "$stamp" >"$(stamp_file "$kind")"
  done <<<"$1"
}
