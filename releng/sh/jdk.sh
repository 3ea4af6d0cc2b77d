# SPDX-License-Identifier: EPL-2.0
# Finding a JDK 25.

jdk_release=25

# jdk_feature FOLDER: prints the feature release of the JDK there, or nothing when there is none
jdk_feature() {
  [[ -x $1/bin/javac && -r $1/release ]] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# jdk_candidates: prints folders where a JDK may lie, the explicit ones first
jdk_candidates() {
  local on_path
  printf '%s\n' "${XENOLITH_JAVA_HOME:-}" "${JAVA_HOME:-}"
  if on_path=$(command -v javac); then
    dirname "$(dirname "$(readlink -f "$on_path")")"
  fi
  local pattern
  for pattern in /usr/lib/jvm /usr/lib64/jvm /usr/java /usr/local/java /usr/local/lib/jvm /opt /opt/java /opt/jdk \
    "${SDKMAN_DIR:-${HOME:-}/.sdkman}/candidates/java" "${HOME:-}/.jdks" "${HOME:-}/.asdf/installs/java" \
    "${HOME:-}/.local/share/mise/installs/java" "${HOME:-}/.jenv/versions"; do
    printf '%s\n' "$pattern"/*
  done
}

# find_jdk: sets "jdk", or fails and says how to get one
find_jdk() {
  local wrong
  wrong=$(wrong_jdk)
  [[ -z $wrong ]] || fail 2 "$wrong"
  jdk=$(search_jdk)
  [[ -n $jdk ]] && return
  say "no JDK $jdk_release found (looked at XENOLITH_JAVA_HOME, JAVA_HOME, PATH and the usual folders)."
  say "How to get it: the package temurin-$jdk_release-jdk or openjdk-$jdk_release-jdk of your distribution,"
  say "or with SDKMAN: sdk install java $jdk_release-tem; or unpack any JDK $jdk_release and set JAVA_HOME to its folder."
  exit 2
}

# wrong_jdk: prints what is wrong with the JDK that XENOLITH_JAVA_HOME names: another one instead would be a surprise
wrong_jdk() {
  local feature
  [[ -n ${XENOLITH_JAVA_HOME:-} ]] || return 0
  feature=$(jdk_feature "$XENOLITH_JAVA_HOME")
  if [[ -z $feature ]]; then
    printf '%s\n' "XENOLITH_JAVA_HOME is '$XENOLITH_JAVA_HOME', which is no JDK (bin/javac and the file release are missing); name the folder\
 of a JDK $jdk_release, or unset it"
  elif [[ $feature != "$jdk_release" ]]; then
    printf '%s\n' "XENOLITH_JAVA_HOME is '$XENOLITH_JAVA_HOME', a JDK $feature; a JDK $jdk_release is needed: name the folder of one, or unset it"
  fi
}

# search_jdk: prints the first JDK of the release we want, else the first newer one, else nothing
search_jdk() {
  local folder feature newer=
  while IFS= read -r folder; do
    [[ -n $folder ]] || continue
    feature=$(jdk_feature "$folder")
    if [[ $feature == "$jdk_release" ]]; then
      printf '%s\n' "$folder"
      return
    elif [[ -z $newer && -n $feature && $feature -gt $jdk_release ]]; then
      newer=$folder
    fi
  done < <(jdk_candidates)
  printf '%s\n' "$newer"
}
