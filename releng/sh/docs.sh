# SPDX-License-Identifier: EPL-2.0
# The documentation as pages for a browser.

commonmark_version=0.32.0
# Of each jar the name and the sum.
commonmark_sha512=(
  commonmark 8c5bb061ed0bff84ca694c71f05f17f98714354f63a549b37030f93551bf2365c721f1250f2543fc5b4dad9e6ab4fd19e5df3edcf67488b2975ae295c3aa249c
  commonmark-ext-gfm-tables 9c8ab6734b6da33b1c7b59de3c314d1dde31e3a76372ee43ad43eaffcf6019b1a5c612fff131c266312299b72d9568033261962916bd247ab2dd39c76236e04a
  commonmark-ext-heading-anchor 6dab3ffe88d992098a72c7bb3e22c8e89a9aba84900657e713ec4ce75cfd10d4cf32a163365a838133c4f3840c83191f119e567588fed6931f218d18a3d71cae
)

# docs [--to FOLDER] [--without-javadoc] [--no-open]: makes the pages and opens them
docs() {
  local to=$root/dist/site javadoc=true open=true
  show_usage docs "$@"
  while (($#)); do
    case $1 in
      --to)
        [[ ${2:-} ]] || misused docs "docs --to needs the folder to make"
        to=$2
        shift
        ;;
      --without-javadoc) javadoc=false ;;
      --no-open) open=false ;;
      *) misused docs "docs: expected --to FOLDER, --without-javadoc or --no-open, got '$1'" ;;
    esac
    shift
  done
  [[ ! -e $to || -e $to/search.js ]] || fail 2 "$to is there and isn't what docs made; name a folder that isn't there"
  find_jdk
  build_if_stale headless
  make_site "$to" "$javadoc"
  ! $open || open_page "$to/index.html"
}

# make_site FOLDER JAVADOC: makes the pages there; needs "jdk" and "home"
make_site() {
  local to=$1 fresh path= index count version contracts=- command
  fresh=$(dirname "$to")/.site.$$
  mkdir -p "$(dirname "$to")" || fail 2 "$(dirname "$to") can't be made; name another folder with --to"
  for ((index = 0; index < ${#commonmark_sha512[@]}; index += 2)); do
    fetch_jar "$cache/commonmark" "org.commonmark:${commonmark_sha512[index]}:$commonmark_version" "${commonmark_sha512[index + 1]}" releng/sh/docs.sh
    path+=$fetched_jar:
  done
  rm -rf "$fresh"
  "$root/releng/make-reference" 2>/dev/null || fail 4 "what bundles say of themselves could not be gathered; releng/make-reference says why"
  if [[ $2 == true ]]; then
    . "$root/releng/sh/sdk.sh"
    make_sdk
    say "making the documentation of the contracts, which takes half a minute"
    "$jdk/bin/java" -XX:+UseSerialGC "$root/releng/site/ContractPages.java" "$root/dist/sdk" "$home" "$fresh/javadoc" || {
      rm -rf "$fresh"
      fail 4 "the documentation of the contracts could not be made"
    }
    contracts=javadoc
  fi
  mkdir -p "$fresh/.usage"
  for command in "${own_commands[@]}"; do
    "$root/xenolith" "$command" --help >"$fresh/.usage/$command.txt"
  done
  version=$(sed -n 's:.*<version>\(.*\)</version>.*:\1:p' "$root/pom.xml" | head -n 1)
  count=$("$jdk/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$path$home/plugins/*" "-Dxenolith.site=$root/releng/site" "$root/releng/site/Site.java" \
    "$root" "$fresh" "$version" "$contracts" "$fresh/.usage") || {
    rm -rf "$fresh"
    fail 4 "the pages could not be made: the links above lead nowhere"
  }
  rm -rf "$to" "$fresh/.usage"
  mv -T "$fresh" "$to"
  say "$count pages are in $to; the first is index.html"
}

# open_page FILE: shows it in the browser of whoever has a screen
open_page() {
  if [[ ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]] && command -v xdg-open >/dev/null; then
    xdg-open "$1" >/dev/null 2>&1 || say "no browser could be started; open $1 in one"
  else
    say "there is no screen or no xdg-open here; open $1 in a browser"
  fi
}
