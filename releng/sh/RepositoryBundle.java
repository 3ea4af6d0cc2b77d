
// SPDX-License-Identifier: EPL-2.0
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bundle as a repository has it.
 *
 * @param name its symbolic name, which is the artifact's id
 * @param title what it is, for people
 * @param version the artifact's: the bundle's with the word for what isn't released
 * @param imports packages that it can't do without
 * @param exports packages that it gives
 */
record RepositoryBundle(Path jar, String name, String title, String version, Set<String> imports, Set<String> exports) {
  /** A clause of a header: names, then parameters, whose values may have commas in quotation marks. */
  private static final Pattern CLAUSE = Pattern.compile("(?:[^,\"]|\"[^\"]*\")+");

  /** All of a folder. */
  static List<RepositoryBundle> in(Path folder) throws IOException {
    List<RepositoryBundle> bundles = new ArrayList<>();
    for (Path jar : MakeRepository.jars(folder)) {
      bundles.add(of(jar));
    }
    return bundles;
  }

  private static RepositoryBundle of(Path file) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      Attributes main = jar.getManifest().getMainAttributes();
      String[] numbers = main.getValue("Bundle-Version").split("\\.");
      String name = main.getValue("Bundle-SymbolicName").replaceFirst(";.*", "").strip();
      return new RepositoryBundle(file, name, main.getValue("Bundle-Name"), numbers[0] + "." + numbers[1] + "." + numbers[2] + "-SNAPSHOT",
          packages(
              main.getValue("Import-Package")), packages(main.getValue("Export-Package")));
    }
  }

  /** The packages that a header names, but for those that may be missing. */
  static Set<String> packages(String header) {
    Set<String> names = new TreeSet<>();
    Matcher clauses = CLAUSE.matcher(header == null ? "" : header);
    while (clauses.find()) {
      if (!clauses.group().contains("resolution:=optional")) {
        for (String word : clauses.group().split(";")) {
          if (!word.contains("=")) {
            names.add(word.strip());
          }
        }
      }
    }
    return names;
  }
}
