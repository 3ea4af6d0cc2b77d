# SPDX-License-Identifier: EPL-2.0
# Benchmarks of inner parts with JMH, the JDK project's harness for them (GPL 2 with the class path exception). It is a tool of the
# build, fetched by checksum, and no part of the product.

jmh_jars=(
  org.openjdk.jmh:jmh-core:1.37
  8e434cc89f7c8a3035e172675d9f914415039ad8dc403a9f4a306efbe3249c20da0343aa51ebf9e3b9f8ba6746e8544ac561fbcd62f29dbb163b7f10c96c1f34
  org.openjdk.jmh:jmh-generator-annprocess:1.37
  0e828c394e02ea1c3472cb3b334f4e13f9e7c2e237dd2915d895b277afbd52573ffc824a3850b0808f190407c8644625ea7d06d77e567fd09607514b4d87f77a
  net.sf.jopt-simple:jopt-simple:5.0.4
  cbc27e0b6da6ae4b6245353d6626d2e3c171c3026a555fa21e8ef61b30714e286db85086d1a57c167016e8a7f07be2a243e34b3ab504b1877806f3bcec5df986
  org.apache.commons:commons-math3:3.6.1
  8bc2438b3b4d9a6be4a47a58410b2d4d0e56e05787ab24badab8cbc9075d61857e8d2f0bffedad33f18f8a356541d00f80a8597b5dedb995be8480d693d03226
)

# inner [JMH-ARGUMENT...]
inner() {
  local i jmh= classes=$root/target/inner/classes sources options
  if [[ ${1:-} == --help ]]; then
    usage inner
    exit
  fi
  find_jdk
  build_if_stale headless
  for ((i = 0; i < ${#jmh_jars[@]}; i += 2)); do
    fetch_jar "$cache/jmh" "${jmh_jars[i]}" "${jmh_jars[i + 1]}" releng/sh/inner.sh
    jmh+=:$fetched_jar
  done
  compile_fuzz
  mapfile -t sources < <(find "$root/tests/org.xenolith.inner/src" -name '*.java' | LC_ALL=C sort)
  rm -rf "$classes"
  mkdir -p "$classes"
  "$jdk/bin/javac" -proc:full -Xlint:-options -nowarn --release 25 -cp "$fuzz_classes$jmh" -d "$classes" "${sources[@]}" ||
    fail 4 "the inner benchmarks do not compile against this product"
  read -ra options <<<"${XENOLITH_JAVA_OPTS:-}"
  exec "$jdk/bin/java" "@$home/jvm.options" "${options[@]}" -cp "$classes:$fuzz_classes$jmh" org.openjdk.jmh.Main "$@"
}
