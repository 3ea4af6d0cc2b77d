
// SPDX-License-Identifier: EPL-2.0
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Writes the POMs of a repository. */
final class ProjectModel {
  private static final String GROUP = "org.xenolith";

  private ProjectModel() {}

  /** That of a bundle: what it imports, it depends on. */
  static String of(RepositoryBundle bundle, List<RepositoryBundle> ours, List<MavenPart> others) {
    Set<String> dependencies = new TreeSet<>();
    for (String name : bundle.imports()) {
      if (name.startsWith("java.") || bundle.exports().contains(name)) {
        continue;
      }
      String found = ours.stream().filter(other -> other.exports().contains(name)).map(ProjectModel::dependency).findFirst().or(() -> others
          .stream()
          .filter(other -> other.exports().contains(name)).map(ProjectModel::dependency).findFirst()).orElse(null);
      if (found != null) {
        dependencies.add(found);
      } else if (!isOfJava(name)) {
        throw new IllegalStateException(bundle.name() + " imports " + name + ", which no bundle of the SDK and none of the target exports");
      }
    }
    return head(bundle.name(), bundle.version(), "jar", bundle.title()) + "  <dependencies>\n" + indented("", dependencies)
        + "  </dependencies>\n</project>\n";
  }

  /** One that gives the versions of all, and of what models are made and tested with. */
  static String bom(String artifact, String version, List<RepositoryBundle> ours, List<MavenPart> others) {
    Set<String> dependencies = new TreeSet<>(ours.stream().map(ProjectModel::dependency).toList());
    others.stream().filter(other -> other.group().startsWith("org.junit.") || other.group().equals("org.jspecify") || other.artifact()
        .endsWith(
            "annotations") || other.artifact().equals("osgi.annotation") || other.artifact().equals("org.eclipse.osgi")).map(
                ProjectModel::dependency)
        .forEach(dependencies::add);
    return head(artifact, version, "pom", "Versions of Xenolith's contracts, kits and test kits")
        + "  <dependencyManagement>\n    <dependencies>\n"
        + indented("  ", dependencies) + "    </dependencies>\n  </dependencyManagement>\n</project>\n";
  }

  private static boolean isOfJava(String name) {
    return ModuleLayer.boot().modules().stream().anyMatch(module -> module.getPackages().contains(name));
  }

  private static String indented(String more, Set<String> dependencies) {
    StringBuilder all = new StringBuilder();
    dependencies.forEach(dependency -> all.append(dependency.indent(more.length())));
    return all.toString();
  }

  private static String dependency(RepositoryBundle bundle) {
    return dependency(GROUP, bundle.name(), bundle.version());
  }

  private static String dependency(MavenPart part) {
    return dependency(part.group(), part.artifact(), part.version());
  }

  private static String dependency(String group, String artifact, String version) {
    return """
            <dependency>
              <groupId>%s</groupId>
              <artifactId>%s</artifactId>
              <version>%s</version>
            </dependency>
        """.formatted(group, artifact, version);
  }

  private static String head(String artifact, String version, String packaging, String title) {
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <!-- SPDX-License-Identifier: EPL-2.0 -->
        <project xmlns="http://maven.apache.org/POM/4.0.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
          xsi:schemaLocation="http://maven.apache.org/POM/4.0.0 http://maven.apache.org/xsd/maven-4.0.0.xsd">
          <modelVersion>4.0.0</modelVersion>
          <groupId>%s</groupId>
          <artifactId>%s</artifactId>
          <version>%s</version>
          <packaging>%s</packaging>
          <name>%s</name>
          <licenses>
            <license>
              <name>EPL-2.0</name>
              <url>https://www.eclipse.org/legal/epl-2.0/</url>
              <distribution>repo</distribution>
            </license>
          </licenses>
        """.formatted(GROUP, artifact, version, packaging, title.replace("&", "&amp;").replace("<", "&lt;"));
  }
}
