// SPDX-License-Identifier: EPL-2.0
package org.xenolith.releng.ide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What Eclipse keeps in the folder of a project: {@code .project}, {@code .classpath} and {@code .settings}. */
final class ProjectFiles {

  /** What class files go to: not Maven's folders, so that neither build deletes what the other made. */
  static final String OUTPUT = "bin";

  /** The project of this program, which has the launch configurations. */
  static final String TOOLS = "org.xenolith.releng.ide";

  private static final String TEST_OUTPUT = "bin-test";
  private static final String TEST = "<attributes><attribute name=\"test\" value=\"true\"/></attributes>";

  private enum Kind {
    /** A bundle whose manifest is made from its {@code pde.bnd}. */
    GENERATED_MANIFEST,
    /** A bundle with a manifest. */
    MANIFEST,
    /** Java that is no bundle. */
    PLAIN
  }

  private final Path folder;
  private final Kind kind;
  private final Path platform;
  private final List<Path> jars;
  private final List<String> references;

  private ProjectFiles(Path folder, Kind kind, Path platform, List<Path> jars, List<String> references) {
    this.folder = folder;
    this.kind = kind;
    this.platform = platform;
    this.jars = jars;
    this.references = references;
  }

  /**
   * All projects of a checkout.
   *
   * @param folder has the folders of jars: {@code pool} (Eclipse), {@code platform} (what bundles are compiled against), {@code jars}
   */
  static List<ProjectFiles> of(Path root, Path folder) throws IOException {
    Path platform = folder.resolve("platform");
    List<ProjectFiles> projects = new ArrayList<>();
    for (String parent : List.of("bundles", "tests")) {
      for (Path project : folders(root.resolve(parent))) {
        if (Files.exists(project.resolve("pde.bnd"))) {
          projects.add(new ProjectFiles(project, Kind.GENERATED_MANIFEST, platform, List.of(), List.of()));
        } else if (Files.exists(project.resolve("META-INF/MANIFEST.MF"))) {
          projects.add(new ProjectFiles(project, Kind.MANIFEST, platform, List.of(), List.of()));
        }
      }
    }
    List<String> bundles = projects.stream().map(ProjectFiles::name).filter(name -> !name.endsWith(".tests")).toList();
    List<Path> bundled = jarsOf(platform);
    projects.add(new ProjectFiles(root.resolve("product"), Kind.PLAIN, platform, bundled, List.of()));
    projects.add(new ProjectFiles(root.resolve("product-ui"), Kind.PLAIN, platform, bundled, List.of("org.xenolith.product")));
    projects.add(new ProjectFiles(root.resolve("releng/org.xenolith.releng.emfgen"), Kind.PLAIN, platform, jarsOf(folder.resolve("jars")),
        List.of()));
    List<Path> eclipse = new ArrayList<>(jarsOf(folder.resolve("pool")));
    eclipse.addAll(bundled);
    projects.add(new ProjectFiles(root.resolve("releng/ide"), Kind.PLAIN, platform, eclipse, List.of()));
    // The scenarios of x86-64 are those of the conformance tests, as in releng/sh/fuzz.sh.
    List<String> fuzzed = Stream.concat(bundles.stream(), Stream.of("org.xenolith.conformance.cpu.tests")).toList();
    projects.add(new ProjectFiles(root.resolve("tests/org.xenolith.fuzz"), Kind.PLAIN, platform, bundled, fuzzed));
    return projects;
  }

  private static List<Path> folders(Path parent) throws IOException {
    try (Stream<Path> folders = Files.list(parent)) {
      return folders.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static List<Path> jarsOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  Path folder() {
    return folder;
  }

  String name() {
    String name = folder.getFileName().toString();
    return switch (name) {
      case "product" -> "org.xenolith.product";
      case "product-ui" -> "org.xenolith.product.ui";
      case "ide" -> TOOLS;
      default -> name;
    };
  }

  /** Writes the files, those that differ. */
  void write() throws IOException {
    put(".project", project());
    put(".classpath", classpath());
    put(".settings/org.eclipse.core.resources.prefs", "eclipse.preferences.version=1\nencoding/<project>=UTF-8\n");
  }

  private void put(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
  }

  private String project() {
    List<String> builders = new ArrayList<>(List.of("org.eclipse.jdt.core.javabuilder"));
    List<String> natures = new ArrayList<>(List.of("org.eclipse.jdt.core.javanature"));
    if (kind != Kind.PLAIN) {
      builders.add("org.eclipse.pde.ManifestBuilder");
      natures.add("org.eclipse.pde.PluginNature");
    }
    if (kind == Kind.GENERATED_MANIFEST) {
      builders.add("org.eclipse.pde.BndBuilder");
      natures.add("org.eclipse.pde.BndNature");
    }
    StringBuilder text = new StringBuilder("""
        <?xml version="1.0" encoding="UTF-8"?>
        <projectDescription>
          <name>%s</name>
          <comment></comment>
          <projects></projects>
          <buildSpec>
        """.formatted(name()));
    builders.forEach(builder -> text.append("    <buildCommand><name>").append(builder)
        .append("</name><arguments></arguments></buildCommand>\n"));
    text.append("  </buildSpec>\n  <natures>\n");
    natures.forEach(nature -> text.append("    <nature>").append(nature).append("</nature>\n"));
    text.append("  </natures>\n</projectDescription>\n");
    return text.toString();
  }

  private String classpath() throws IOException {
    StringBuilder text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<classpath>\n");
    for (String source : List.of("src/main/java", "src/main/resources", "src", "src-gen")) {
      if (Files.exists(folder.resolve(source)) && !(source.equals("src") && Files.exists(folder.resolve("src/main")))) {
        text.append("  <classpathentry kind=\"src\" path=\"").append(source).append('"').append(source.equals("src-gen") ? """
            ><attributes><attribute name="ignore_optional_problems" value="true"/></attributes></classpathentry>
            """ : "/>\n");
      }
    }
    for (String source : List.of("src/test/java", "src/test/resources")) {
      if (Files.exists(folder.resolve(source))) {
        text.append("  <classpathentry kind=\"src\" path=\"").append(source).append("\" output=\"").append(TEST_OUTPUT)
            .append("\">").append(TEST).append("</classpathentry>\n");
      }
    }
    text.append("  <classpathentry kind=\"con\" path=\"org.eclipse.jdt.launching.JRE_CONTAINER/")
        .append("org.eclipse.jdt.internal.debug.ui.launcher.StandardVMType/JavaSE-25\"/>\n");
    if (kind != Kind.PLAIN) {
      text.append("  <classpathentry kind=\"con\" path=\"org.eclipse.pde.core.requiredPlugins\"/>\n");
    }
    for (String reference : references) {
      text.append("  <classpathentry kind=\"src\" path=\"/").append(reference).append("\"/>\n");
    }
    for (Path jar : jars) {
      text.append("  <classpathentry kind=\"lib\" path=\"").append(jar).append("\"/>\n");
    }
    if (kind != Kind.PLAIN && Files.exists(folder.resolve("src/test"))) {
      for (Path jar : jarsOf(platform)) {
        if (jar.getFileName().toString().matches("(junit-|opentest4j|apiguardian|jspecify).*")) {
          text.append("  <classpathentry kind=\"lib\" path=\"").append(jar).append("\">").append(TEST).append("</classpathentry>\n");
        }
      }
    }
    text.append("  <classpathentry kind=\"output\" path=\"").append(OUTPUT).append("\"/>\n</classpath>\n");
    return text.toString();
  }

}
