
// SPDX-License-Identifier: EPL-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The Java of an archive, as a component of its list in CycloneDX, with what others made that is in it. */
final class RuntimeContents {
  /** What all of OpenJDK is under, but for what its legal notices name. */
  private static final String LICENCE = "GPL-2.0-only WITH Classpath-exception-2.0";

  private RuntimeContents() {}

  /**
   * The component.
   *
   * @param archive  its folder, which has a runtime
   * @param sha256   the digest of the file that has all classes, {@code runtime/lib/modules}
   */
  static String json(Path archive, String sha256) throws IOException {
    Path runtime = archive.resolve("runtime");
    Map<String, String> release = release(runtime.resolve("release"));
    String version = release.getOrDefault("JAVA_RUNTIME_VERSION", release.get("JAVA_VERSION"));
    String notices = LegalNotice.in(archive, runtime.resolve("legal")).stream().map(LegalNotice::json).collect(Collectors.joining(
        ",\n    "));
    return "  {\"type\": \"platform\", \"bom-ref\": \"runtime\", \"publisher\": \"" + release.getOrDefault("IMPLEMENTOR", "unknown")
        + "\", \"name\": \"openjdk\", \"version\": \"" + version + "\", \"description\": \"" + release.getOrDefault("IMPLEMENTOR_VERSION",
            "a JDK") + ": " + release.get("MODULES") + "\", \"hashes\": [{\"alg\": \"SHA-256\", \"content\": \"" + sha256
        + "\"}], \"licenses\": [{\"expression\": \"" + LICENCE + "\"}], \"purl\": \"pkg:generic/openjdk@" + version.replace("+", "%2B")
        + "\",\n   \"components\": [\n    " + notices + "]}";
  }

  /** What a JDK says of itself: lines of NAME="VALUE". */
  private static Map<String, String> release(Path file) throws IOException {
    Map<String, String> said = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      int equals = line.indexOf('=');
      said.put(line.substring(0, equals), line.substring(equals + 1).replace("\"", ""));
    }
    return said;
  }
}
