
// SPDX-License-Identifier: EPL-2.0
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Copies a product's folder, each jar written anew so that two builds of one commit give the same bytes: entries by name, with the commit's date, and without what
 * manifests say of when they were made. Nothing in them is compressed, as the archive is, which finds more that is alike.
 */
final class SteadyJars {
  private static final DateTimeFormatter QUALIFIER = DateTimeFormatter.ofPattern("yyyyMMddHHmm");

  private final LocalDateTime date;

  private SteadyJars(long seconds) {
    this.date = LocalDateTime.ofInstant(Instant.ofEpochSecond(seconds), ZoneOffset.UTC);
  }

  /** Arguments: the folder, where the copy goes, the commit's date in seconds since 1970. */
  public static void main(String[] arguments) throws IOException {
    SteadyJars jars = new SteadyJars(Long.parseLong(arguments[2]));
    Path from = Path.of(arguments[0]).toRealPath();
    Path to = Path.of(arguments[1]);
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        byte[] bytes = Files.readAllBytes(file);
        Files.write(copy, file.toString().endsWith(".jar") ? jars.steady(bytes) : bytes);
      }
    }
  }

  private byte[] steady(byte[] jar) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(jar))) {
      for (ZipEntry entry; (entry = in.getNextEntry()) != null;) {
        entries.putIfAbsent(entry.getName(), in.readAllBytes());
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      // Who reads a jar as a stream expects it first.
      byte[] manifest = entries.remove(JarFile.MANIFEST_NAME);
      if (manifest != null) {
        if (isOurs(new Manifest(new ByteArrayInputStream(manifest)))) {
          // What Maven writes there lists all that a build had in reach, and depends on what it built along with the bundle.
          entries.keySet().removeIf(name -> name.startsWith("META-INF/maven/"));
          manifest = undated(manifest);
        }
        store(out, JarFile.MANIFEST_NAME, manifest);
      }
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        store(out, entry.getKey(), entry.getKey().endsWith(".jar") ? steady(entry.getValue()) : entry.getValue());
      }
    }
    return bytes.toByteArray();
  }

  /** Of other jars a signature may hold each byte. */
  private static boolean isOurs(Manifest manifest) {
    return String.valueOf(manifest.getMainAttributes().getValue("Bundle-SymbolicName")).startsWith("org.xenolith.");
  }

  private void store(ZipOutputStream out, String name, byte[] content) throws IOException {
    CRC32 sum = new CRC32();
    sum.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(sum.getValue());
    entry.setTimeLocal(date);
    out.putNextEntry(entry);
    out.write(content);
    out.closeEntry();
  }

  /** Without the build's time; the version's last part becomes the commit's. */
  private byte[] undated(byte[] bytes) throws IOException {
    Manifest manifest = new Manifest(new ByteArrayInputStream(bytes));
    Attributes main = manifest.getMainAttributes();
    main.remove(new Attributes.Name("Bnd-LastModified"));
    main.putValue("Bundle-Version", main.getValue("Bundle-Version").replaceFirst("^(\\d+\\.\\d+\\.\\d+)\\..*", "$1." + QUALIFIER.format(
        date)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    manifest.write(out);
    return out.toByteArray();
  }
}
