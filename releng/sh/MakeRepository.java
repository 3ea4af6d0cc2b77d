
// SPDX-License-Identifier: EPL-2.0
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes a Maven repository folder of the SDK's bundles: each with its POM, sources and documentation, and a BOM of all. What others made isn't copied: the POMs
 * name it as Maven Central has it.
 *
 * <p>Each time is a new snapshot with the time of the newest bundle, so that Maven takes it in the place of the one that it has.
 */
public final class MakeRepository {
  private static final String GROUP = "org.xenolith";
  private static final String BOM = "org.xenolith.bom";
  private static final Map<String, String> SUMS = Map.of("md5", "MD5", "sha1", "SHA-1", "sha256", "SHA-256");
  private static final DateTimeFormatter SNAPSHOT = DateTimeFormatter.ofPattern("yyyyMMdd.HHmmss").withZone(ZoneOffset.UTC);

  private final Path to;
  private final String time;

  private MakeRepository(Path to, Instant time) {
    this.to = to;
    this.time = SNAPSHOT.format(time);
  }

  /** Arguments: the SDK, the product, the target definition, the folder to make, and whether the documentation is made. */
  public static void main(String[] arguments) throws Exception {
    Path sdk = Path.of(arguments[0]);
    Path product = Path.of(arguments[1]);
    List<RepositoryBundle> ours = RepositoryBundle.in(sdk.resolve("bundles"));
    List<MavenPart> others = MavenPart.in(Path.of(arguments[2]), List.of(product.resolve("plugins"), product.resolve("lib"), sdk.resolve(
        "test"),
        sdk.resolve("lib")));
    MakeRepository repository = new MakeRepository(Path.of(arguments[3]), newest(ours));
    BundleDocumentation documentation = Boolean.parseBoolean(arguments[4]) ? new BundleDocumentation(ours, others) : null;
    long told = System.nanoTime();
    for (RepositoryBundle bundle : ours) {
      // Of a bundle it is a second or so: who waits hears each ten of how far it is.
      if (documentation != null && System.nanoTime() - told > 10_000_000_000L && System.getProperty("xenolith.quiet", "").isEmpty()) {
        System.err.println("xenolith: " + ours.indexOf(bundle) + " of " + ours.size() + " bundles");
        told = System.nanoTime();
      }
      List<Path> files = new ArrayList<>(List.of(bundle.jar()));
      repository.file(bundle.name(), bundle.version(), "", "jar", Files.readAllBytes(bundle.jar()));
      Path sources = sdk.resolve("sources").resolve(bundle.name() + "-sources.jar");
      repository.file(bundle.name(), bundle.version(), "sources", "jar", Files.readAllBytes(sources));
      if (documentation != null) {
        repository.file(bundle.name(), bundle.version(), "javadoc", "jar", documentation.of(bundle, sources));
      }
      repository.file(bundle.name(), bundle.version(), "", "pom", utf8(ProjectModel.of(bundle, ours, others)));
      repository.metadata(bundle.name(), bundle.version(), documentation == null ? List.of("jar", "sources", "pom") : List.of("jar",
          "sources",
          "javadoc", "pom"));
    }
    String version = ours.stream().filter(bundle -> bundle.name().equals("org.xenolith.fdt")).findFirst().orElseThrow().version();
    repository.file(BOM, version, "", "pom", utf8(ProjectModel.bom(BOM, version, ours, others)));
    repository.metadata(BOM, version, List.of("pom"));
    System.out.println(ours.size());
  }

  private static Instant newest(Collection<RepositoryBundle> bundles) throws IOException {
    Instant newest = Instant.EPOCH;
    for (RepositoryBundle bundle : bundles) {
      Instant made = Files.getLastModifiedTime(bundle.jar()).toInstant();
      newest = made.isAfter(newest) ? made : newest;
    }
    return newest;
  }

  private Path folder(String artifact, String version) {
    return to.resolve(GROUP.replace('.', '/')).resolve(artifact).resolve(version);
  }

  private String snapshot(String version) {
    return version.replace("SNAPSHOT", time + "-1");
  }

  private void file(String artifact, String version, String classifier, String extension, byte[] content) throws Exception {
    write(folder(artifact, version).resolve(artifact + "-" + snapshot(version) + (classifier.isEmpty() ? "" : "-" + classifier) + "."
        + extension),
        content);
  }

  /** What Maven asks first: which versions there are, and which snapshot of one is the newest. */
  private void metadata(String artifact, String version, List<String> kinds) throws Exception {
    String updated = time.replace(".", "");
    StringBuilder files = new StringBuilder();
    for (String kind : kinds) {
      boolean classified = kind.equals("sources") || kind.equals("javadoc");
      files.append("      <snapshotVersion>\n").append(classified ? "        <classifier>" + kind + "</classifier>\n" : "").append(
          "        <extension>" + (classified ? "jar" : kind) + "</extension>\n        <value>" + snapshot(version)
              + "</value>\n        <updated>"
              + updated + "</updated>\n      </snapshotVersion>\n");
    }
    write(folder(artifact, version).resolve("maven-metadata.xml"), utf8("""
        <?xml version="1.0" encoding="UTF-8"?>
        <metadata modelVersion="1.1.0">
          <groupId>%s</groupId>
          <artifactId>%s</artifactId>
          <version>%s</version>
          <versioning>
            <snapshot>
              <timestamp>%s</timestamp>
              <buildNumber>1</buildNumber>
            </snapshot>
            <lastUpdated>%s</lastUpdated>
            <snapshotVersions>
        %s    </snapshotVersions>
          </versioning>
        </metadata>
        """.formatted(GROUP, artifact, version, time, updated, files)));
    write(folder(artifact, version).resolveSibling("maven-metadata.xml"), utf8("""
        <?xml version="1.0" encoding="UTF-8"?>
        <metadata>
          <groupId>%s</groupId>
          <artifactId>%s</artifactId>
          <versioning>
            <latest>%s</latest>
            <versions>
              <version>%s</version>
            </versions>
            <lastUpdated>%s</lastUpdated>
          </versioning>
        </metadata>
        """.formatted(GROUP, artifact, version, version, updated)));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Writes a file and its checksums. */
  private static void write(Path file, byte[] content) throws IOException, NoSuchAlgorithmException {
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    for (Map.Entry<String, String> sum : new TreeMap<>(SUMS).entrySet()) {
      Files.writeString(file.resolveSibling(file.getFileName() + "." + sum.getKey()), HexFormat.of().formatHex(MessageDigest.getInstance(sum
          .getValue()).digest(content)));
    }
  }

  /** The jars in a folder, by name; none if there is no folder. */
  static List<Path> jars(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }
}
