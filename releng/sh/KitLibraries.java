
// SPDX-License-Identifier: EPL-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Copies what contracts and kits use of others: bundles of the product that export a package which one of them imports, and what those import in turn. */
final class KitLibraries {
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");
  private static final String OURS = "org.xenolith.";
  /** What whoever runs them without OSGi has elsewhere, or not at all: the framework's own packages. */
  private static final Pattern FRAMEWORK = Pattern.compile("org\\.osgi\\..*|org\\.eclipse\\.osgi.*|org\\.junit\\..*|org\\.opentest4j.*");

  private KitLibraries() {}

  /** Arguments: the folder of contracts and kits, the product's folder of bundles, the folder for copies. */
  public static void main(String[] arguments) throws IOException {
    Map<String, Path> exporters = new HashMap<>();
    for (Path jar : jars(Path.of(arguments[1]))) {
      if (!jar.getFileName().toString().startsWith(OURS)) {
        names(jar, "Export-Package").forEach(name -> exporters.putIfAbsent(name, jar));
      }
    }
    Path to = Path.of(arguments[2]);
    Deque<Path> open = new ArrayDeque<>(jars(Path.of(arguments[0])));
    while (!open.isEmpty()) {
      for (String name : names(open.remove(), "Import-Package")) {
        Path jar = FRAMEWORK.matcher(name).matches() ? null : exporters.get(name);
        if (jar != null && !Files.exists(to.resolve(jar.getFileName()))) {
          Files.copy(jar, to.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
          open.add(jar);
        }
      }
    }
  }

  private static List<Path> jars(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  /** The packages of a header; those that may be missing aren't among them. */
  private static List<String> names(Path jar, String header) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      String value = file.getManifest().getMainAttributes().getValue(header);
      return value == null ? List.of() : Stream.of(QUOTED.matcher(value).replaceAll("").split(",")).filter(clause -> !clause.contains(
          "resolution:=optional")).flatMap(clause -> Stream.of(clause.split(";"))).map(String::strip).filter(word -> !word.isEmpty()
              && !word
                  .contains("=")).toList();
    }
  }
}
