# SPDX-License-Identifier: EPL-2.0
# Packing what a machine without this checkout runs: archives of the product, one with a runtime of its own and one for any Java 25.

# dist: makes the archives in dist, their sums and the list of what is in them; needs "jdk" and "home"
make_dist() {
  local version work tree date name
  version=$(sed -n 's:.*<version>\(.*\)-SNAPSHOT</version>.*:\1:p' "$root/pom.xml" | head -n 1)
  date=$(commit_date)
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
  "$jdk/bin/java" -XX:TieredStopAtLevel=1 -cp "$tree/lib/xenolith/lib/launch.jar" "$root/releng/archive/Contents.java" \
    "$root" "$tree/lib/xenolith" "$tree" "$version" "$date"
  pack "$tree" "$root/dist/$name-any-java25.tar.gz" "$date"
  say "making the runtime"
  make_runtime "$tree" "$work"
  pack "$tree" "$root/dist/$name-linux-x86_64.tar.gz" "$date"
  cp "$tree/sbom.cdx.json" "$root/dist/$name.cdx.json"
  (cd "$root/dist" && sha256sum "$name-any-java25.tar.gz" "$name-linux-x86_64.tar.gz" "$name.cdx.json" >SHA256SUMS)
  rm -rf "$work"
  (cd "$root/dist" && du -b "$name"*.tar.gz | while read -r bytes file; do say "dist/$file: $((bytes / 1000000)) MB"; done)
  say "dist/SHA256SUMS has their sums; a signature of it belongs beside it, as dist/SHA256SUMS.asc (releng/archive/README.md)"
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

# runtime_modules PRODUCT WORK: prints the modules that the classes of all jars need, by commas, and those that releng/archive/modules.txt adds
runtime_modules() {
  local classes=$2/classes needed added
  mkdir -p "$classes"
  "$jdk/bin/java" -XX:TieredStopAtLevel=1 "$root/releng/archive/ClassFiles.java" "$1" "$classes"
  needed=$("$jdk/bin/jdeps" --ignore-missing-deps --print-module-deps "$classes")
  added=$(sed -n 's/^\([a-z][a-z.]*\) .*/\1/p' "$root/releng/archive/modules.txt" | paste -sd, -)
  printf '%s\n' "$needed,$added"
}

# make_runtime TREE WORK: TREE/runtime; a JDK links a runtime of its own modules, also where it has no jmods
make_runtime() {
  "$jdk/bin/jlink" --add-modules "$(runtime_modules "$1/lib/xenolith" "$2")" --strip-debug --no-header-files --no-man-pages \
    --compress zip-0 --output "$1/runtime" || fail 2 "the JDK in $jdk can't link a runtime"
  # The JVM's own archive of classes, of the form that heaps up to 32 GB use: without it each start takes longer.
  "$1/runtime/bin/java" -XX:+UseSerialGC -Xshare:dump -Xlog:disable >/dev/null
}

# make_shell_words FOLDER: a man page for each command, and what lets bash complete command lines, of the texts in releng/help
make_shell_words() {
  local file name man=$1/man/man1 bash=$1/bash-completion/completions/xenolith
  mkdir -p "$man" "${bash%/*}"
  {
    cat <<'BASH'
# Completes command lines of Xenolith in bash; source it, or put it where bash-completion finds it.
_xenolith() {
  local IFS=$' \n' topic= word words=
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ " $(_xenolith_below "$topic") " != *" $word "* || $word == help ]] || topic+=${topic:+.}$word
  done
  case ${COMP_WORDS[COMP_CWORD]} in
    -*) words=$(_xenolith_options "$topic") ;;
    *) words=$(_xenolith_below "$topic") ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
}
_xenolith_options() {
  case $1 in
BASH
    for file in "$help_folder"/[a-z]*.txt; do
      name=${file##*/}
      [[ $name == fuzz.txt ]] || printf '    %s) echo "%s" ;;\n' "${name%.txt}" \
        "$(sed -nE 's/^ +(-[A-Za-z], )?(--[a-z][a-z0-9-]*).*/\2/p' "$file" | paste -sd ' ' -)"
    done
    printf '  esac\n}\n_xenolith_below() {\n  case $1 in\n    "") echo "%s prepare" ;;\n' "$(commands_below)"
    for file in "$help_folder"/[a-z]*.txt; do
      name=${file##*/}
      [[ $name == *.*.txt ]] || [[ -z $(commands_below "${name%.txt}") ]] || printf '    %s) echo "%s" ;;\n' "${name%.txt}" "$(commands_below "${name%.txt}")"
    done
    printf '  esac\n}\ncomplete -o bashdefault -o default -F _xenolith xenolith\n'
  } >"$bash"
  for file in "$help_folder"/{HELP,[a-z]*}.txt; do
    name=${file##*/}
    name=${name%.txt}
    [[ $name != fuzz ]] || continue
    [[ $name != HELP ]] || name=
    name=xenolith${name:+-${name//./-}}
    {
      printf '.TH "%s" 1 "" "Xenolith" "Xenolith"\n.SH NAME\n%s \\- %s\n.SH DESCRIPTION\n.nf\n' "${name^^}" "$name" \
        "$(sed -n '/^Usage/,$!d; /^[A-Z]/!d; /^Usage/d; p; q' "$file")"
      sed 's/\\/\\e/g; s/-/\\-/g; s/^[.'"'"']/\\\&&/' "$file"
      printf '.fi\n'
    } >"$man/$name.1"
  done
}

# commands_below [COMMAND]: prints the commands of the product below that one, with blanks between them
commands_below() {
  local file name
  for file in "$help_folder/${1:+$1.}"[a-z]*.txt; do
    name=${file##*/}
    name=${name%.txt}
    name=${name#"${1:+$1.}"}
    [[ ! -r $file || $name == *.* || $name == fuzz ]] || printf '%s\n' "$name"
  done | paste -sd ' ' -
}

# pack TREE ARCHIVE DATE: the same bytes wherever and by whomever it is made
pack() {
  chmod -R u=rwX,go=rX "$1"
  tar --create --directory "${1%/*}" --sort=name --format=gnu --owner=0 --group=0 --numeric-owner --mtime="@$3" "${1##*/}" | gzip -9n >"$2.new"
  mv "$2.new" "$2"
}
