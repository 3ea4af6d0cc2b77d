
// SPDX-License-Identifier: EPL-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** The Java of an archive, as a component of its list in CycloneDX, with what others made that is in it. The JDK that runs this is the one that it was linked of. */
final class RuntimeContents {
  /** What all of OpenJDK is under, but for what its legal notices name. */
  private static final String LICENCE = "GPL-2.0-only WITH Classpath-exception-2.0";
  private static final String MODULES = "MODULES=";

  private RuntimeContents() {}

  /**
   * The component.
   *
   * @param archive its folder, which has a runtime
   * @param sha256  the digest of the file that has all classes, {@code runtime/lib/modules}
   */
  static String json(Path archive, String sha256) throws IOException {
    Path runtime = archive.resolve("runtime");
    String modules = Files.readAllLines(runtime.resolve("release")).stream().filter(line -> line.startsWith(MODULES)).findFirst()
        .orElseThrow(() -> new IOException("runtime/release doesn't say which modules there are")).substring(MODULES.length());
    String version = Runtime.version().toString();
    String notices = LegalNotice.in(archive, runtime.resolve("legal")).stream().map(LegalNotice::json).collect(Collectors.joining(
        ",\n    "));
    return "  {\"type\": \"platform\", \"bom-ref\": \"runtime\", \"publisher\": \"" + System.getProperty("java.vendor")
        + "\", \"name\": \"openjdk\", \"version\": \"" + version + "\", \"description\": \"" + System.getProperty("java.vendor.version", "")
            .strip() + ", modules " + modules.replace("\"", "") + "\", \"hashes\": [{\"alg\": \"SHA-256\", \"content\": \"" + sha256
        + "\"}], \"licenses\": [{\"expression\": \"" + LICENCE + "\"}], \"purl\": \"pkg:generic/openjdk@" + version.replace("+", "%2B")
        + "\",\n   \"components\": [\n    " + notices + "]}";
  }
}
