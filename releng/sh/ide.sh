# SPDX-License-Identifier: EPL-2.0
# An Eclipse workspace of this checkout, made and built without a window by PDE and JDT themselves. They come from Maven Central,
# each jar with its checksum in releng/ide/bundles.txt, and are no part of the product.

# ide [--to FOLDER] [--run NAME]...
ide() {
  local folder=$root/dist/ide runs=() name
  show_usage ide "$@"
  while (($#)); do
    case $1 in
      --to)
        [[ -n ${2:-} ]] || misused ide "--to: expected a folder"
        mkdir -p "$2" 2>/dev/null && [[ -w $2 ]] || fail 2 "--to: '$2' can't be written"
        folder=$(readlink -f "$2")
        shift
        ;;
      --run)
        [[ -r $root/releng/ide/launch/${2:-}.launch ]] || misused ide "--run: there is no '${2:-}'; there are: $(ide_launches)"
        runs+=(--run "$2")
        shift
        ;;
      *) misused ide "ide: what is '$1'?" ;;
    esac
    shift
  done
  find_jdk
  build_if_stale workbench # its bundles are the target platform, and it generates sources
  mkdir -p "$folder"
  exec 9>"$folder/lock"
  ! command -v flock >/dev/null || flock -n 9 || fail 2 "another run works on $folder"
  ide_bundles "$folder"
  ide_application "$folder"
  say "building the workspace $folder/workspace"
  local status=0
  # A home of its own: bnd keeps a cache there.
  "$jdk/bin/java" -Xmx2g -XX:+UseSerialGC "-Duser.home=$folder/home" -jar "$folder"/pool/org.eclipse.equinox.launcher-*.jar \
    -configuration "$folder/configuration" -data "$folder/workspace" -nosplash \
    "$root" "$folder" "${runs[@]}" 9>&- || status=$?
  case $status in
    0) say "open it with: eclipse -data $folder/workspace" ;;
    1) fail 1 "the workspace has errors, or what was run failed; see above" ;;
    *) fail 4 "the workspace could not be built (exit code $status); logs: $folder/workspace/.metadata/.log, $folder/configuration" ;;
  esac
}

# ide_launches: prints the names of the launch configurations
ide_launches() {
  local file names=()
  for file in "$root"/releng/ide/launch/*.launch; do
    names+=("$(basename "$file" .launch)")
  done
  (IFS=' ' && printf '%s\n' "${names[*]}")
}

# ide_bundles FOLDER: fills "pool" (what runs), "platform" (what the projects are compiled against) and "jars" (what projects that are
# no bundles need); needs "jdk"
ide_bundles() {
  local folder=$1 made stamp
  stamp=$(cat "$root"/releng/ide/bundles.txt "$root"/target-platform/*.target "$root/releng/sh/ide.sh" \
    "$root/releng/org.xenolith.releng.emfgen/pom.xml" | sha256sum)
  made=$folder/bundles.stamp
  if ! [[ -r $made && $(<"$made") == "$stamp" ]]; then
    find_maven
    say "fetching the bundles of Eclipse and of the target platform"
    rm -rf "$folder"/{pool,platform,jars,fetch}
    ide_fetch "$folder" pool < <(ide_listed pool)
    ide_fetch "$folder" platform < <(
      ide_listed platform
      # What the build and its tests need; the rest is in the product, where jars without a manifest have one.
      sed -n '/label="\(build\|annotations\|sdk-tool\|page\|inside\)"/,/<\/location>/p' "$root/target-platform/xenolith.target" |
        sed -n '/<dependency>/,/<\/dependency>/p' | sed 's,</dependency>,<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>&,'
    )
    ide_fetch "$folder" jars < <(sed -n '/<dependency>/,/<\/dependency>/p' "$root/releng/org.xenolith.releng.emfgen/pom.xml")
    ide_checksums "$folder" pool platform
    printf '%s\n' "$stamp" >"$made"
  fi
  # The framework isn't among the product's bundles: it is what loads them.
  find "$root"/product-ui/target/workbench/{plugins/,lib/framework.jar} -name '*.jar' ! -name 'org.xenolith.*' \
    -exec cp -u -t "$folder/platform" {} +
}

# ide_listed KIND: prints the jars of that kind in releng/ide/bundles.txt as Maven's dependencies
ide_listed() {
  local kind coordinates group artifact version
  while read -r kind coordinates _; do
    [[ $kind == "$1" ]] || continue
    IFS=: read -r group artifact version <<<"$coordinates"
    printf '<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>' "$group" "$artifact" "$version"
    printf '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>\n'
  done <"$root/releng/ide/bundles.txt"
}

# ide_fetch FOLDER NAME: copies the dependencies on standard input to FOLDER/NAME
ide_fetch() {
  local work=$1/fetch/$2
  mkdir -p "$work"
  {
    printf '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>\n'
    printf '<groupId>org.xenolith</groupId><artifactId>%s</artifactId><version>1</version><packaging>pom</packaging>\n' "$2"
    printf '<dependencies>\n%s\n</dependencies></project>\n' "$(cat)"
  } >"$work/pom.xml"
  # In its own folder, so that the checkout's build extensions are not loaded.
  (cd "$work" && JAVA_HOME=$jdk "$maven" -B -C -ntp "$maven_copy-dependencies" "-DoutputDirectory=$1/$2") >"$work/fetch.log" 2>&1 || {
    grep '^\[ERROR\]' "$work/fetch.log" | head -n 20 >&2
    fail 2 "bundles of Eclipse could not be fetched; is there a network? Full log: $work/fetch.log"
  }
}

# ide_checksums FOLDER KIND...: fails if what was fetched is not what releng/ide/bundles.txt names; what is of no kind "platform" is in "pool"
ide_checksums() {
  local kind coordinates sum artifact version place
  while read -r kind coordinates sum; do
    [[ " ${*:2} " == *" $kind "* ]] || continue
    IFS=: read -r _ artifact version <<<"$coordinates"
    place=pool
    [[ $kind != platform ]] || place=platform
    printf '%s  %s\n' "$sum" "$1/$place/$artifact-$version.jar"
  done <"$root/releng/ide/bundles.txt" >"$1/fetch/sums"
  sha256sum --check --quiet "$1/fetch/sums" >&2 || {
    rm -rf "$1"/{pool,platform}
    fail 2 "a jar that was fetched does not have its checksum in releng/ide/bundles.txt; all were deleted"
  }
}

# ide_application FOLDER: compiles the program and writes the configuration it runs with; needs "jdk"
ide_application() {
  local folder=$1 classes=$1/application
  rm -rf "$classes"
  mkdir -p "$classes"
  "$jdk/bin/javac" -nowarn --release 25 -proc:none -cp "$folder/pool/*:$folder/platform/*" -d "$classes" \
    "$root"/releng/ide/src/org/xenolith/releng/ide/{,run/}*.java || fail 4 "the program that makes workspaces does not compile"
  cp "$root/releng/ide/plugin.xml" "$classes"
  "$jdk/bin/jar" --create --file "$classes.jar" --manifest "$root/releng/ide/application.mf" -C "$classes" .
  ide_configuration "$folder" org.xenolith.releng.ide.application "$classes.jar"
}

# ide_configuration FOLDER APPLICATION [JAR...]: writes what Equinox starts by, with the bundles in FOLDER/pool and more
ide_configuration() {
  local folder=$1 jar start sep=
  rm -rf "$folder/configuration"
  mkdir -p "$folder/configuration"
  {
    printf 'osgi.framework=file:%s\n' "$folder"/pool/org.eclipse.osgi-*.jar
    printf 'osgi.bundles.defaultStartLevel=4\neclipse.application=%s\nosgi.bundles=' "$2"
    for jar in "$folder"/pool/*.jar "${@:3}"; do
      case $(basename "$jar") in
        org.eclipse.osgi-* | org.eclipse.equinox.launcher-*) continue ;;
        org.eclipse.equinox.common-* | org.eclipse.equinox.registry-* | org.eclipse.core.runtime-* | org.apache.felix.scr-*) start=@2:start ;;
        org.eclipse.osgi.compatibility.state-*) start= ;; # a fragment of the framework
        *) start=@4 ;;
      esac
      printf '%sreference:file:%s%s' "$sep" "$jar" "$start"
      sep=,
    done
    printf '\n'
  } >"$folder/configuration/config.ini"
}
