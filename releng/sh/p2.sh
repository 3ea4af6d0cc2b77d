# SPDX-License-Identifier: EPL-2.0
# Making a p2 repository, from which an Eclipse installs; by p2's own publisher, which comes from Maven Central with its checksums (releng/ide/bundles.txt).

# p2_tools FOLDER: fills FOLDER/pool with an Eclipse and p2, and FOLDER/configuration with what starts it; needs "jdk"
p2_tools() {
  local folder=$1 stamp
  mkdir -p "$folder"
  stamp=$(cat "$root/releng/ide/bundles.txt" "$root"/releng/sh/{p2,ide}.sh | sha256sum)
  if ! [[ -r $folder/stamp && $(<"$folder/stamp") == "$stamp" ]]; then
    find_maven
    say "fetching p2, and what it runs in"
    rm -rf "$folder"/*
    ide_fetch "$folder" pool < <(ide_listed pool && ide_listed p2)
    ide_checksums "$folder" pool p2
    ide_configuration "$folder" org.eclipse.equinox.p2.director
    printf '%s\n' "$stamp" >"$folder/stamp"
  fi
}

# p2_run FOLDER APPLICATION ARGUMENT...: runs an application of p2's by what p2_tools made there; needs "jdk"
p2_run() {
  local folder=$1 work status=0
  work=$(mktemp -d)
  "$jdk/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "-Duser.home=$work" -jar "$folder"/pool/org.eclipse.equinox.launcher-*.jar \
    -configuration "$folder/configuration" -data "$work/data" -nosplash -application "org.eclipse.equinox.p2.$2" "${@:3}" >"$work/log" 2>&1 || status=$?
  if ((status != 0)); then
    tail -n 40 "$work/log" >&2
    fail 4 "p2's ${2##*.} ended with $status"
  fi
  rm -rf "$work"
}

# make_p2: dist/p2, a p2 repository of all bundles, their sources and what they need; needs "jdk" and "home"
make_p2() {
  local made=$root/dist/p2 work=$root/dist/.p2 tools=$root/dist/p2-tools release count repository
  mkdir -p "$root/dist"
  exec 9>"$root/dist/p2.lock"
  ! command -v flock >/dev/null || flock 9
  p2_tools "$tools"
  rm -rf "$work"
  release=$(sed -n 's:.*<version>\(.*\)-SNAPSHOT</version>.*:\1:p' "$root/pom.xml" | head -n 1)
  count=$("$jdk/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "$root/releng/p2/MakeFeatures.java" "$root" "$work/source" "$release" \
    "$(readlink -f "$home")/plugins" "$(readlink -f "$root/product-ui/target/workbench")/plugins" "$root/product/target/sdk/test") ||
    fail 4 "the features could not be laid out"
  repository=$(p2_address "$work/repository")
  p2_run "$tools" publisher.FeaturesAndBundlesPublisher -metadataRepository "$repository" -artifactRepository "$repository" \
    -metadataRepositoryName Xenolith -artifactRepositoryName Xenolith -source "$work/source" -publishArtifacts -compress
  p2_run "$tools" publisher.CategoryPublisher -metadataRepository "$repository" -categoryDefinition "$(p2_address "$work/source/category.xml")" \
    -categoryQualifier org.xenolith -compress
  cp "$root/LICENSE" "$root/NOTICE.md" "$work/repository/"
  # It is there as a whole or not at all.
  rm -rf "$made"
  mv -T "$work/repository" "$made"
  rm -rf "$work"
  say "$count bundles with their sources, in $(grep -c '^[a-z]' "$root/features/features.txt") features and that for models' authors, are in the p2 repository $made"
}

# p2_address PATH: prints it as p2 reads addresses, which it encodes itself
p2_address() { printf 'file:%s\n' "$1"; }
