# SPDX-License-Identifier: EPL-2.0
# Finding a JDK 25.

jdk_release=25

# Each start comes by here, and a process for each step would take longer than all of it: what is asked for is left in a variable.

# jdk_feature FOLDER: sets "feature" to the feature release of the JDK there, or to nothing when there is none
jdk_feature() {
  local line
  feature=
  [[ -x $1/bin/javac && -r $1/release ]] || return 0
  while IFS= read -r line || [[ -n $line ]]; do
    if [[ $line =~ ^JAVA_VERSION=\"([0-9]+) ]]; then
      feature=${BASH_REMATCH[1]}
    fi
  done <"$1/release"
}

# jdk_candidates: sets "candidates" to folders where a JDK may lie, the explicit ones first
jdk_candidates() {
  local on_path pattern
  candidates=("${XENOLITH_JAVA_HOME:-}" "${JAVA_HOME:-}")
  if on_path=$(type -P javac); then
    on_path=$(readlink -f "$on_path")
    on_path=${on_path%/*}
    candidates+=("${on_path%/*}")
  fi
  for pattern in /usr/lib/jvm /usr/lib64/jvm /usr/java /usr/local/java /usr/local/lib/jvm /opt /opt/java /opt/jdk \
    "${SDKMAN_DIR:-${HOME:-}/.sdkman}/candidates/java" "${HOME:-}/.jdks" "${HOME:-}/.asdf/installs/java" \
    "${HOME:-}/.local/share/mise/installs/java" "${HOME:-}/.jenv/versions"; do
    candidates+=("$pattern"/*)
  done
}

# find_jdk: sets "jdk", or fails and says how to get one
find_jdk() {
  wrong_jdk
  [[ -z $wrong ]] || fail 2 "$wrong"
  search_jdk
  [[ -n $jdk ]] && return
  quiet=
  say "no JDK $jdk_release found (looked at XENOLITH_JAVA_HOME, JAVA_HOME, PATH and the usual folders)."
  say "How to get it: the package temurin-$jdk_release-jdk or openjdk-$jdk_release-jdk of your distribution,"
  say "or with SDKMAN: sdk install java $jdk_release-tem; or unpack any JDK $jdk_release and set JAVA_HOME to its folder."
  exit 2
}

# wrong_jdk: sets "wrong" to what is wrong with the JDK that XENOLITH_JAVA_HOME names, or to nothing: another one instead would be a surprise
wrong_jdk() {
  local feature
  wrong=
  [[ -n ${XENOLITH_JAVA_HOME:-} ]] || return 0
  jdk_feature "$XENOLITH_JAVA_HOME"
  if [[ -z $feature ]]; then
    wrong="XENOLITH_JAVA_HOME is '$XENOLITH_JAVA_HOME', which is no JDK (bin/javac and the file release are missing); name the folder\
 of a JDK $jdk_release, or unset it"
  elif [[ $feature != "$jdk_release" ]]; then
    wrong="XENOLITH_JAVA_HOME is '$XENOLITH_JAVA_HOME', a JDK $feature; a JDK $jdk_release is needed: name the folder of one, or unset it"
  fi
}

# search_jdk: sets "jdk" to the first JDK of the release we want, else to the first newer one, else to nothing
search_jdk() {
  local folder feature newer= candidates
  jdk_candidates
  for folder in "${candidates[@]}"; do
    [[ -n $folder ]] || continue
    jdk_feature "$folder"
    if [[ $feature == "$jdk_release" ]]; then
      jdk=$folder
      return
    elif [[ -z $newer && -n $feature && $feature -gt $jdk_release ]]; then
      newer=$folder
    fi
  done
  jdk=$newer
}
