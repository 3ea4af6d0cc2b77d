// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Puts the product's folder together: what the folder {@code bundles} builds, and the "runtime" location of the
 * target platform. There is no list of bundles to keep: adding one is adding its folder.
 */
public final class Assemble {

  /** The test kits and the extension of JUnit need JUnit, the workbench has a product of its own. */
  private static final List<String> NOT_HEADLESS = List.of("org.xenolith.testkit", "org.xenolith.junit", "org.xenolith.ui.");

  /** What a model's tests are run with; the SDK has it. */
  private static final List<String> TEST_GROUPS = List.of("org.junit.", "org.opentest4j", "org.apiguardian", "org.jspecify");

  private static final String FRAMEWORK = "org.eclipse.osgi";

  private Assemble() {}

  /**
   * Arguments: the checkout, the local Maven repository, and the link to the product; "sdk" beside the product gets the SDK's jars.
   */
  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    Path repository = Path.of(arguments[1]);
    Publication publication = new Publication(Path.of(arguments[2]));
    Path home = publication.fresh();
    Path target = root.resolve("target-platform/xenolith.target");
    List<Path> built = builtBundles(root.resolve("bundles"));
    List<Path> plugins = new ArrayList<>(built);
    Path framework = null;
    for (TargetLocation.Jar jar : TargetLocation.read(target, "runtime")) {
      if (jar.artifactId().equals(FRAMEWORK)) {
        framework = jar.in(repository);
      } else {
        plugins.add(jar.in(repository));
      }
    }
    mirror(plugins, home.resolve("plugins"));
    Folders.delete(home.resolve("lib"));
    Files.createDirectories(home.resolve("lib"));
    UnsignedJar.copy(framework, home.resolve("lib/framework.jar"));
    Files.copy(root.resolve("product/target/org.xenolith.launch.jar"), home.resolve("lib/launch.jar"),
        StandardCopyOption.REPLACE_EXISTING);
    Files.copy(root.resolve("product").resolve(Home.FLAGS), home.resolve(Home.FLAGS), StandardCopyOption.REPLACE_EXISTING);
    CodePath.make(new Home(home), built.stream().map(jar -> jar.getFileName().toString()).toList());
    new Preparation(new Home(home), home, root.resolve("product").resolve(Preparation.TRAINING)).make();
    publication.publish(home);
    Path sdk = home.resolveSibling("sdk");
    mirror(jars(target, "annotations", repository), sdk.resolve("lib"));
    mirror(jars(target, "sdk-tool", repository), sdk.resolve("tool"));
    mirror(TargetLocation.read(target, "build").stream().filter(Assemble::forTests).map(jar -> jar.in(repository)).toList(),
        sdk.resolve("test"));
    System.out.println("Assembled " + plugins.size() + " bundles");
  }

  /** JUnit and what it needs. */
  private static boolean forTests(TargetLocation.Jar jar) {
    return TEST_GROUPS.stream().anyMatch(jar.groupId()::startsWith);
  }

  private static List<Path> jars(Path target, String label, Path repository) throws IOException {
    return TargetLocation.read(target, label).stream().map(jar -> jar.in(repository)).toList();
  }

  /** The jar of each bundle project; a folder without a descriptor is a left-over of another revision. */
  static List<Path> builtBundles(Path bundles) throws IOException {
    List<Path> jars = new ArrayList<>();
    try (Stream<Path> folders = Files.list(bundles)) {
      for (Path folder : folders.sorted().toList()) {
        String name = folder.getFileName().toString();
        boolean described = Files.exists(folder.resolve("pde.bnd"))
            || Files.exists(folder.resolve("META-INF/MANIFEST.MF"));
        if (!described || NOT_HEADLESS.stream().anyMatch(name::startsWith)) {
          continue;
        }
        jars.add(builtJar(folder));
      }
    }
    return jars;
  }

  /** The jar that the build made of a bundle's project, whatever the bundle's version is. */
  public static Path builtJar(Path folder) throws IOException {
    Path target = folder.resolve("target");
    String name = folder.getFileName().toString();
    List<Path> jars = new ArrayList<>();
    if (Files.isDirectory(target)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(target, name + "-*-SNAPSHOT.jar")) {
        found.forEach(jars::add);
      }
    }
    if (jars.isEmpty()) {
      throw new IOException(target.resolve(name + ".jar") + " is missing: build the whole reactor, not product alone");
    }
    if (jars.size() > 1) {
      throw new IOException(target + " has the jars of several versions, " + jars + ": delete the folder and build again");
    }
    return jars.getFirst();
  }

  /** Makes a folder hold exactly these files, touching only what differs. */
  public static void mirror(List<Path> files, Path folder) throws IOException {
    Files.createDirectories(folder);
    Set<String> wanted = new TreeSet<>();
    for (Path file : files) {
      String name = file.getFileName().toString();
      if (!wanted.add(name)) {
        throw new IOException(file + ": two jars of this name");
      }
      Path copy = folder.resolve(name);
      if (!Files.exists(copy) || Files.mismatch(file, copy) != -1) {
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    try (Stream<Path> present = Files.list(folder)) {
      for (Path file : present.filter(f -> !wanted.contains(f.getFileName().toString())).toList()) {
        Files.delete(file);
      }
    }
  }
}
