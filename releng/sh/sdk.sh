# SPDX-License-Identifier: EPL-2.0
# Putting the software development kit together: what a model outside this tree is compiled and tested against.

# layer_of BUNDLE: prints the layer that releng/layers.txt gives a bundle
layer_of() {
  local layer rest patterns pattern
  while read -r layer rest; do
    [[ $layer == L* ]] || continue
    read -ra patterns <<<"$rest"
    for pattern in "${patterns[@]}"; do
      # shellcheck disable=SC2053 # the right side is a pattern
      if [[ ${1#org.xenolith.} == $pattern ]]; then
        printf '%s\n' "$layer"
        return
      fi
    done
  done <"$root/releng/layers.txt"
}

# make_sdk: dist/sdk, unless it was made from what is there; needs "jdk" and "home"
make_sdk() {
  local made=$root/dist/sdk sdk=$root/dist/sdk.new folder name jar from generated kits
  mkdir -p "$root/dist"
  exec 9>"$root/dist/sdk.lock"
  ! command -v flock >/dev/null || flock 9
  from=$(ls -lR --time-style=full-iso "$root"/releng/sdk "$root"/product/target/sdk "$root"/bundles/*/target/*-SNAPSHOT.jar \
    "$root/releng/layers.txt" "$root"/releng/sh/{sdk,jdk}.sh "$root/releng/sh/KitLibraries.java" "$home"/lib "$home"/plugins 2>&1 | sha256sum) || true
  if [[ -r $made/.made-from && $(<"$made/.made-from") == "$from" ]]; then
    say "$(find "$made/bundles" -name '*.jar' | wc -l) contract bundles with their sources are in $made, made before"
    return
  fi
  rm -rf "$sdk"
  mkdir -p "$sdk"/{bundles,sources,lib,test,tool}
  for folder in "$root"/bundles/*/; do
    name=$(basename "$folder")
    jar=$(compgen -G "$folder/target/$name-*-SNAPSHOT.jar" | head -n 1) || true
    [[ $(layer_of "$name") == L[01] && -f $jar ]] || continue
    cp "$jar" "$sdk/bundles/$name.jar"
    generated=()
    [[ ! -d $folder/src-gen ]] || generated=(-C "$folder/src-gen" .)
    "$jdk/bin/jar" --create --no-manifest --file "$sdk/sources/$name-sources.jar" -C "$folder/src/main/java" . "${generated[@]}"
  done
  cp "$root"/product/target/sdk/lib/*.jar "$sdk/lib/"
  cp "$root"/product/target/sdk/test/*.jar "$sdk/test/"
  "$jdk/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "$root/releng/sh/KitLibraries.java" "$sdk/bundles" "$home/plugins" "$sdk/test" ||
    fail 4 "what kits use of others could not be put beside them"
  cp "$root"/product/target/sdk/tool/*.jar "$root"/releng/sdk/*.java "$root"/releng/sh/jdk.sh "$sdk/tool/"
  # The tool works on the framework's own types.
  cp "$home"/lib/framework.jar "$home"/plugins/org.osgi.util.*.jar "$sdk/tool/"
  cp "$root"/bundles/org.xenolith.cli/src/main/resources/org/xenolith/cli/renames.txt "$sdk/tool/"
  cp -r "$root"/releng/sdk/{build-model,migrate,new,templates} "$sdk/"
  kits=$(basename "$root"/bundles/org.xenolith.testkit/target/org.xenolith.testkit-*-SNAPSHOT.jar .jar)
  sed -i "s/@KITS@/${kits#org.xenolith.testkit-}/g" "$sdk"/templates/build-pde/*
  cp "$root/releng/sdk/README.md" "$root/LICENSE" "$root/NOTICE.md" "$sdk/"
  printf '%s\n' "$from" >"$sdk/.made-from"
  # It is there as a whole or not at all.
  rm -rf "$made"
  mv -T "$sdk" "$made"
  say "$(find "$made/bundles" -name '*.jar' | wc -l) contract bundles with their sources are in $made"
}

# make_repository [--without-javadoc]: dist/repository, a Maven repository of what is in dist/sdk; needs what make_sdk needs
make_repository() {
  local made=$root/dist/repository fresh=$root/dist/repository.new javadoc=true count
  case ${1:-} in
    '') ;;
    --without-javadoc) javadoc=false ;;
    *) misused sdk "sdk repository takes --without-javadoc and nothing else, got '$1'" ;;
  esac
  (($# <= 1)) || misused sdk "sdk repository takes --without-javadoc and nothing else, got '$2'"
  make_sdk
  rm -rf "$fresh"
  [[ $javadoc == false ]] || say "making the documentation of each bundle, which takes a minute or two"
  count=$("$jdk/bin/java" -XX:+UseSerialGC "-Dxenolith.quiet=${quiet:-}" "$root/releng/sh/MakeRepository.java" "$root/dist/sdk" "$home" \
    "$root/target-platform/xenolith.target" "$fresh" "$javadoc") || fail 4 "the Maven repository could not be made"
  cp "$root/LICENSE" "$root/NOTICE.md" "$fresh/"
  rm -rf "$made"
  mv -T "$fresh" "$made"
  say "$count bundles and their BOM are in the Maven repository $made"
}
