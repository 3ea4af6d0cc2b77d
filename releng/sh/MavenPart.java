
// SPDX-License-Identifier: EPL-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What others made and Maven Central has, by its coordinates, with the packages that it gives. */
record MavenPart(String group, String artifact, String version, Path jar, Set<String> exports) {
  private static final Pattern DEPENDENCY = Pattern.compile(
      "<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>\\s*<version>([^<]+)</version>");
  /** The product has the framework's jar by another name. */
  private static final String FRAMEWORK = "org.eclipse.osgi";

  /** What a target definition names, as far as its jars are in these folders. */
  static List<MavenPart> in(Path target, List<Path> folders) throws IOException {
    List<MavenPart> parts = new ArrayList<>();
    Matcher dependencies = DEPENDENCY.matcher(Files.readString(target));
    while (dependencies.find()) {
      String artifact = dependencies.group(2);
      String file = artifact.equals(FRAMEWORK) ? "framework.jar" : artifact + "-" + dependencies.group(3) + ".jar";
      for (Path folder : folders) {
        if (Files.exists(folder.resolve(file))) {
          parts.add(new MavenPart(dependencies.group(1), artifact, dependencies.group(3), folder.resolve(file), exports(folder.resolve(
              file))));
          break;
        }
      }
    }
    return parts;
  }

  private static Set<String> exports(Path file) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      Manifest manifest = jar.getManifest();
      return manifest == null ? Set.of() : RepositoryBundle.packages(manifest.getMainAttributes().getValue("Export-Package"));
    }
  }
}
