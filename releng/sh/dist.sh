# SPDX-License-Identifier: EPL-2.0
# Packing what a machine without this checkout runs: archives of the product, one with a runtime of its own and one for any Java 25.

# dist: makes the archives in dist, their sums and the list of what is in them, unless they were made of what is there; needs "jdk" and "home"
make_dist() {
  local version work tree date name from
  mkdir -p "$root/dist"
  exec 9>"$root/dist/dist.lock" # two at a time would write into one folder
  ! command -v flock >/dev/null || flock 9
  version=$(sed -n 's:.*<version>\(.*\)-SNAPSHOT</version>.*:\1:p' "$root/pom.xml" | head -n 1)
  date=$(commit_date)
  from=$(dist_stamp "$date")
  if [[ -r $root/dist/.made-from && $(<"$root/dist/.made-from") == "$from" ]] && (cd "$root/dist" && sha256sum --check --quiet SHA256SUMS >/dev/null 2>&1); then
    say "what dist/SHA256SUMS lists was made before"
    return
  fi
  rm -f "$root/dist/.made-from"
  work=$root/dist/.making
  tree=$work/xenolith-$version
  name=xenolith-$version
  rm -rf "$work"
  mkdir -p "$tree"/{bin,lib,share}
  say "copying the product"
  pack_product "$(readlink -f "$home")" "$tree/lib/xenolith" "$date"
  cp "$root/product/training.options" "$tree/lib/xenolith/"
  printf '%s\n' "$version" >"$tree/lib/version"
  cp "$root/releng/archive/xenolith" "$tree/bin/"
  cp "$root"/{LICENSE,NOTICE.md,CHANGELOG.md} "$tree/"
  cp "$root/releng/archive/README.md" "$tree/"
  make_shell_words "$tree/share"
  make_site "$tree/share/doc" true
  list_contents "$tree" "$version" "$date"
  # The JVM of another system doesn't know all of these, and would not start: large pages are Linux'.
  printf '%s\n' '# Flags that only the JVM of another system knows.' -XX:+IgnoreUnrecognizedVMOptions >>"$tree/lib/xenolith/jvm.options"
  pack "$tree" "$root/dist/$name-any-java25.tar.gz" "$date"
  cp "$home/jvm.options" "$tree/lib/xenolith/"
  say "making the runtime"
  make_runtime "$tree" "$work"
  list_contents "$tree" "$version" "$date"
  pack "$tree" "$root/dist/$name-linux-x86_64.tar.gz" "$date"
  cp "$tree/sbom.cdx.json" "$root/dist/$name.cdx.json"
  say "adding the workbench"
  add_workbench "$tree" "$date"
  make_runtime "$tree" "$work"
  list_contents "$tree" "$version" "$date"
  pack "$tree" "$root/dist/xenolith-workbench-$version-linux-x86_64.tar.gz" "$date"
  cp "$tree/sbom.cdx.json" "$root/dist/xenolith-workbench-$version.cdx.json"
  (cd "$root/dist" && sha256sum "$name-any-java25.tar.gz" {"$name","xenolith-workbench-$version"}-linux-x86_64.tar.gz \
    {"$name","xenolith-workbench-$version"}.cdx.json >SHA256SUMS)
  rm -rf "$work"
  printf '%s\n' "$from" >"$root/dist/.made-from"
  (cd "$root/dist" && du -b "$name"*.tar.gz "xenolith-workbench-$version"*.tar.gz | while read -r bytes file; do say "dist/$file: $((bytes / 1000000)) MB"; done)
  say "dist/SHA256SUMS has their sums; a signature of it belongs beside it, as dist/SHA256SUMS.asc (releng/archive/README.md)"
}

# dist_stamp DATE: prints a digest of name, size and age of all that goes into archives: the products, the checkout with its documentation, the JDK
dist_stamp() {
  {
    printf '%s\n' "$jdk" "$1"
    find "$root" \( -name .git -o -name target -o -path "$root/dist" -o -path "$root/tests/*/src" -o -path '*/src/test' \) -prune -o -type f -printf '%P %s %T@\n'
    find -L "$home" "$root/product-ui/target/workbench" -type f ! -path '*/configuration/*' ! -name used -printf '%p %s %T@\n'
  } | LC_ALL=C sort | sha256sum
}

# list_contents TREE VERSION DATE: TREE/sbom.cdx.json and TREE/licenses
list_contents() {
  "$jdk/bin/java" -XX:TieredStopAtLevel=1 -cp "$1/lib/xenolith/lib/launch.jar" "$root/releng/archive/Contents.java" "$root" "$1/lib" "$1" "$2" "$3" ||
    fail 4 "what the archive contains could not be listed"
}

# add_workbench TREE DATE: TREE/lib/workbench, whose jars are links where the product has the same ones; without the runtime of before, which lacks what windows need
add_workbench() {
  local jar same
  pack_product "$(readlink -f "$root/product-ui/target/workbench")" "$1/lib/workbench" "$2"
  for jar in "$1"/lib/workbench/plugins/*.jar; do
    same=../../xenolith/plugins/${jar##*/}
    ! cmp -s "$jar" "${jar%/*}/$same" || ln -sf "$same" "$jar"
  done
  rm -rf "$1/licenses" "$1/runtime"
}

# commit_date: prints the date of what is built, in seconds since 1970: SOURCE_DATE_EPOCH, else the commit's
commit_date() {
  local date=${SOURCE_DATE_EPOCH:-}
  [[ $date ]] || date=$(git -C "$root" log -1 --format=%ct 2>/dev/null) || true
  [[ $date =~ ^[0-9]+$ ]] || fail 2 "the date of these sources isn't known: no git checkout, and SOURCE_DATE_EPOCH isn't set (seconds since 1970)"
  printf '%s\n' "$date"
}

# pack_product FROM TO DATE: what a product is, without what starts make anew wherever it lies
pack_product() {
  "$jdk/bin/java" -XX:TieredStopAtLevel=1 "$root/releng/archive/SteadyJars.java" "$1" "$2" "$3"
  rm -rf "$2/configuration" "$2/classes.aot" "$2/used"
}

# runtime_modules PRODUCTS WORK: prints the modules that the classes of all jars need, by commas, with those that releng/archive/modules.txt adds, and, of
# the product without a window, without those that it leaves out
runtime_modules() {
  local classes=$2/classes needed added out
  rm -rf "$classes"
  mkdir -p "$classes"
  "$jdk/bin/java" -XX:TieredStopAtLevel=1 "$root/releng/archive/ClassFiles.java" "$1" "$classes"
  # All of them: of the reduced list, what one that is left out brings along would be missing.
  needed=$("$jdk/bin/jdeps" --ignore-missing-deps --list-deps "$classes" | sed -nE 's:^ *([a-z][a-z.]*)(/.*)?$:\1:p' | LC_ALL=C sort -u | paste -sd, -)
  added=$(sed -n 's/^\([a-z][a-z.]*\) .*/\1/p' "$root/releng/archive/modules.txt" | paste -sd, -)
  while read -r out; do
    [[ -d $1/workbench ]] || needed=$(tr , '\n' <<<"$needed" | grep -vxF "$out" | paste -sd, -)
  done < <(sed -n 's/^-\([a-z][a-z.]*\) .*/\1/p' "$root/releng/archive/modules.txt")
  printf '%s\n' "$needed,$added"
}

# make_runtime TREE WORK: TREE/runtime; a JDK links a runtime of its own modules, also where it has no jmods
make_runtime() {
  "$jdk/bin/jlink" --add-modules "$(runtime_modules "$1/lib" "$2")" --strip-debug --no-header-files --no-man-pages \
    --compress zip-0 --output "$1/runtime" || fail 2 "the JDK in $jdk can't link a runtime"
  # The JVM's own archive of classes, of the form that heaps up to 32 GB use: without it each start takes longer.
  "$1/runtime/bin/java" -XX:+UseSerialGC -Xshare:dump -Xlog:disable >/dev/null
}

# make_shell_words FOLDER: a man page for each command, and what lets bash and zsh complete command lines, as the product says them
make_shell_words() {
  local bash=$1/bash-completion/completions/xenolith zsh=$1/zsh/site-functions/_xenolith
  mkdir -p "${bash%/*}" "${zsh%/*}"
  # Of an archive it is the product itself that is asked: it has no checkout.
  (root='' run_product help --man "$1/man/man1") || fail 4 "the man pages could not be made"
  (root='' run_product completion bash) >"$bash" || fail 4 "completion could not be made"
  {
    # What zsh loads when it is to complete the command for the first time.
    printf '#compdef xenolith\n'
    cat "$bash"
    printf '_bash_complete -F _xenolith\n'
  } >"$zsh"
}

# pack TREE ARCHIVE DATE: the same bytes wherever and by whomever it is made
pack() {
  chmod -R u=rwX,go=rX "$1"
  tar --create --directory "${1%/*}" --sort=name --format=gnu --owner=0 --group=0 --numeric-owner --mtime="@$3" "${1##*/}" | gzip -9n >"$2.new"
  mv "$2.new" "$2"
}
