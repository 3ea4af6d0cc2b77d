
// SPDX-License-Identifier: EPL-2.0
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.xenolith.launch.TargetLocation;

/**
 * Says what an archive contains: a list in CycloneDX 1.6 (ECMA-424), with each jar's coordinates, licence and digest, and a folder with the licences and notices that
 * the jars bring; then the runtime, if the archive has one, and what others made that the documentation contains. The coordinates are the target platform's, the licences
 * NOTICE.md's; a jar of somebody else's that either lacks ends the build.
 */
final class Contents {
  private final Map<String, String> licences = new TreeMap<>();
  private final Map<String, TargetLocation.Jar> coordinates = new TreeMap<>();

  private Contents(Path root) throws IOException {
    for (String line : Files.readAllLines(root.resolve("NOTICE.md"))) {
      String[] cells = line.split("\\|");
      if (cells.length == 4 && cells[1].strip().startsWith("`")) {
        licences.put(cells[1].strip().replace("`", ""), cells[2].strip());
      }
    }
    for (String definition : List.of("xenolith", "workbench")) {
      Path target = root.resolve("target-platform").resolve(definition + ".target");
      for (String label : TargetLocation.labels(target)) {
        for (TargetLocation.Jar jar : TargetLocation.read(target, label)) {
          coordinates.putIfAbsent(jar.artifactId() + "-" + jar.version() + ".jar", jar);
          // Of a jar inside a bundle the name has no version.
          coordinates.putIfAbsent(jar.artifactId() + ".jar", jar);
        }
      }
    }
    coordinates.put("framework.jar", coordinates.get("org.eclipse.osgi.jar"));
  }

  /** Arguments: the checkout, the folder with the products, the archive's folder, the version, the commit's date in seconds since 1970. */
  public static void main(String[] arguments) {
    try {
      list(arguments);
    } catch (IOException e) {
      System.err.println("xenolith: " + (e.getClass() == IOException.class ? e.getMessage() : e));
      System.exit(1);
    }
  }

  private static void list(String[] arguments) throws IOException {
    Contents contents = new Contents(Path.of(arguments[0]));
    Path product = Path.of(arguments[1]);
    Path archive = Path.of(arguments[2]);
    List<String> components = new ArrayList<>();
    try (Stream<Path> all = Files.walk(product)) {
      for (Path jar : all.filter(file -> file.toString().endsWith(".jar") && !Files.isSymbolicLink(file)).sorted().toList()) {
        components.addAll(contents.component(jar, archive.relativize(jar).toString(), archive.resolve("licenses")));
      }
    }
    components.sort(null);
    if (Files.exists(archive.resolve("runtime"))) {
      components.add(RuntimeContents.json(archive, sha256(Files.readAllBytes(archive.resolve("runtime/lib/modules")))));
    }
    for (LegalNotice notice : LegalNotice.in(archive, archive.resolve("share"))) {
      components.add("  " + notice.json());
    }
    String about = """
        {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:%s", "version": 1,
         "metadata": {"timestamp": "%s", "component": {"type": "application", "bom-ref": "xenolith", "name": "xenolith", "version": "%s",
          "licenses": [{"license": {"id": "EPL-2.0"}}]}},
         "components": [
        """.formatted(UUID.nameUUIDFromBytes(String.join("\n", components).getBytes(StandardCharsets.UTF_8)), Instant.ofEpochSecond(Long
        .parseLong(arguments[4])), arguments[3]);
    Files.writeString(archive.resolve("sbom.cdx.json"), about + String.join(",\n", components) + "\n ]}\n");
    System.out.println(components.size() + " components");
  }

  private List<String> component(Path jar, String place, Path notices) throws IOException {
    String file = jar.getFileName().toString();
    List<String> components = new ArrayList<>();
    if (place.matches("lib/[a-z]+/lib/.*") && !place.equals("lib/xenolith/lib/framework.jar")) {
      return components; // made of what plugins has, or the same once more
    }
    byte[] bytes = Files.readAllBytes(jar);
    if (file.startsWith("org.xenolith.")) {
      String name = file.replaceFirst("-\\d.*", "");
      String version = file.substring(name.length() + 1).replace("-SNAPSHOT.jar", "");
      components.add(json("org.xenolith", name, version, "EPL-2.0", sha256(bytes), place));
    } else {
      components.add(foreign(file, bytes, place));
      keepNotices(jar, notices);
    }
    try (JarFile open = new JarFile(jar.toFile())) {
      for (JarEntry inner : open.stream().filter(entry -> entry.getName().endsWith(".jar")).toList()) {
        byte[] content = open.getInputStream(inner).readAllBytes();
        String name = inner.getName().replaceFirst(".*/", "");
        // One that nobody has by itself is made with the bundle that it is in.
        boolean known = coordinates.containsKey(name) || file.startsWith("org.xenolith.");
        components.add(foreign(known ? name : file, content, place + "!/" + inner.getName()));
        Path copy = Files.write(Files.createTempDirectory("xenolith-contents").resolve(name), content);
        keepNotices(copy, notices);
        Files.delete(copy);
        Files.delete(copy.getParent());
      }
    }
    return components;
  }

  private String foreign(String file, byte[] bytes, String place) throws IOException {
    TargetLocation.Jar jar = coordinates.get(file);
    if (jar == null) {
      throw new IOException(place + ": no definition in target-platform has such a jar");
    }
    String licence = licences.get(jar.groupId() + ":" + jar.artifactId());
    licence = licence == null ? licences.get(jar.groupId() + ":*") : licence;
    if (licence == null) {
      throw new IOException(place + ": NOTICE.md doesn't name " + jar.groupId() + ":" + jar.artifactId());
    }
    return json(jar.groupId(), jar.artifactId(), jar.version(), licence, sha256(bytes), place);
  }

  private static String json(String group, String name, String version, String licence, String digest, String place) {
    // An expression is one; a sentence isn't.
    String plain = licence.replaceFirst(";.*", "");
    String licenses = plain.contains(" ") ? "[{\"expression\": \"" + plain + "\"}]" : "[{\"license\": {\"id\": \"" + plain + "\"}}]";
    String url = "pkg:maven/" + group + "/" + name + "@" + version;
    return "  {\"type\": \"library\", \"bom-ref\": \"" + url + "#" + place + "\", \"group\": \"" + group + "\", \"name\": \"" + name
        + "\", \"version\": \"" + version
        + "\", \"hashes\": [{\"alg\": \"SHA-256\", \"content\": \"" + digest + "\"}], \"licenses\": " + licenses + ", \"purl\": \"" + url
        + "\"}";
  }

  /** The licences and notices of a jar, in a folder of its name. */
  private static void keepNotices(Path jar, Path notices) throws IOException {
    try (JarFile open = new JarFile(jar.toFile())) {
      for (JarEntry entry : open.stream().filter(entry -> !entry.isDirectory()).toList()) {
        String name = entry.getName();
        String file = name.replaceFirst(".*/", "");
        if (!name.endsWith(".class") && (file.matches("(?i)(about|licen[cs]e|notice)([-._].*)?") || name.startsWith("about_files/"))) {
          Path copy = notices.resolve(jar.getFileName().toString().replaceFirst("\\.jar$", "")).resolve(name.replace('/', '_'));
          Files.createDirectories(copy.getParent());
          Files.write(copy, open.getInputStream(entry).readAllBytes());
        }
      }
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
