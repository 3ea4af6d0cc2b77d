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

make_sdk() {
  local sdk=$root/dist/sdk folder name jar
  rm -rf "$sdk"
  mkdir -p "$sdk"/{bundles,sources,lib}
  for folder in "$root"/bundles/*/; do
    name=$(basename "$folder")
    jar=$folder/target/$name-1.0.0-SNAPSHOT.jar
    [[ $(layer_of "$name") == L[01] && -f $jar ]] || continue
    cp "$jar" "$sdk/bundles/$name.jar"
    "$jdk/bin/jar" --create --no-manifest --file "$sdk/sources/$name-sources.jar" -C "$folder/src/main/java" .
  done
  sdk_libraries "$sdk/lib"
  cp "$root/releng/sdk/README.md" "$root/LICENSE" "$sdk/"
  say "$(find "$sdk/bundles" -name '*.jar' | wc -l) contract bundles with their sources are in $sdk"
}

# sdk_libraries FOLDER: the annotations that a model is compiled with, as the target platform pins them
sdk_libraries() {
  find_maven
  local log=$root/target/sdk.log artifact
  for artifact in org.osgi:osgi.annotation org.osgi:org.osgi.service.component.annotations; do
    local version
    version=$(grep -A1 "<artifactId>${artifact#*:}</artifactId>" "$root/target-platform/xenolith.target" |
      sed -n 's/.*<version>\(.*\)<\/version>.*/\1/p')
    (cd "$cache" && JAVA_HOME=$jdk "$maven" -B dependency:copy -Dartifact="$artifact:$version" \
      -Dmdep.stripVersion=true -DoutputDirectory="$1") >"$log" 2>&1 || {
      show_failure "$log"
      fail 4 "$artifact:$version could not be fetched"
    }
  done
}
