
// SPDX-License-Identifier: EPL-2.0
import java.io.PrintWriter;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Makes the documentation of all packages that the kit's bundles export, as one. Arguments: the kit, the product, the folder to make. */
final class ContractPages {
  private ContractPages() {
  }

  public static void main(String[] arguments) throws Exception {
    Path kit = Path.of(arguments[0]);
    Path work = Files.createTempDirectory("contracts");
    int result = 4;
    try {
      Set<String> exports = new TreeSet<>();
      for (Path jar : jars(kit.resolve("bundles"))) {
        exports.addAll(exports(jar));
      }
      for (Path jar : jars(kit.resolve("sources"))) {
        unpack(jar, work);
      }
      exports.removeIf(name -> !hasSources(work.resolve(name.replace('.', '/'))));
      List<Path> path = new ArrayList<>(jars(kit.resolve("bundles")));
      path.addAll(jars(kit.resolve("lib")));
      path.addAll(jars(kit.resolve("test")));
      path.addAll(jars(Path.of(arguments[1], "plugins")));
      path.add(Path.of(arguments[1], "lib/framework.jar"));
      List<String> words = new ArrayList<>(List.of("-quiet", "-Werror", "-notimestamp", "--no-fonts", "-Xdoclint:none", "--release", "25",
          "-encoding",
          "UTF-8",
          "-charset", "UTF-8", "-windowtitle",
          "Xenolith's contracts", "-doctitle", "Xenolith's contracts", "-sourcepath", work.toString(), "-classpath", String.join(":", path
              .stream().map(Path::toString)
              .toList()), "-d", arguments[2]));
      words.addAll(exports);
      PrintWriter said = new PrintWriter(System.err, true);
      result = ToolProvider.findFirst("javadoc").orElseThrow().run(said, said, words.toArray(String[]::new)) == 0 ? 0 : 4;
    } finally {
      try (Stream<Path> all = Files.walk(work)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
    System.exit(result);
  }

  private static Set<String> exports(Path file) throws Exception {
    Set<String> names = new TreeSet<>();
    try (JarFile jar = new JarFile(file.toFile())) {
      String header = jar.getManifest().getMainAttributes().getValue("Export-Package");
      // What stands in quotation marks are values of parameters.
      for (String clause : (header == null ? "" : header).replaceAll("\"[^\"]*\"", "").split(",")) {
        names.add(clause.replaceFirst(";.*", "").strip());
      }
    }
    names.remove("");
    return names;
  }

  private static boolean hasSources(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"));
    } catch (java.io.IOException notThere) {
      return false;
    }
  }

  private static List<Path> jars(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static void unpack(Path jar, Path to) throws Exception {
    try (FileSystem inside = FileSystems.newFileSystem(jar); Stream<Path> files = Files.walk(inside.getPath("/"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(file.toString().substring(1));
        Files.createDirectories(target.getParent());
        Files.write(target, Files.readAllBytes(file));
      }
    }
  }
}
