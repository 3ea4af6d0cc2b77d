// SPDX-License-Identifier: EPL-2.0
package org.xenolith.product.ui;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.xenolith.launch.Assemble;
import org.xenolith.launch.CodePath;
import org.xenolith.launch.Home;
import org.xenolith.launch.Publication;
import org.xenolith.launch.TargetLocation;

/**
 * Puts the workbench product's folder together: every bundle of the headless product, what the target definition of the
 * workbench names, and the bundles {@code org.xenolith.ui.*}. There is no list to keep.
 */
public final class AssembleWorkbench {

  private static final String BUNDLES = "workbench";
  private static final String OURS = "org.xenolith.ui.";

  private static final String CHECKOUT = "org.xenolith.";
  /** Of the environment: the display for it. */
  private static final String UNSEEN = "XENOLITH_UNSEEN_DISPLAY";
  private static final int TRAINING_SECONDS = 120;
  private static final String DRAWING = "org.eclipse.swt.";

  private AssembleWorkbench() {}

  /** Arguments: the checkout, the local Maven repository, the jar of this project, the link to the product. */
  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    int count = assemble(root, Path.of(arguments[1]), Path.of(arguments[2]), Path.of(arguments[3]), home -> {
      prepare(home);
      train(home, root.resolve("product/training.options"));
    });
    System.out.println("Assembled " + count + " bundles");
  }

  /** What is done with a product before anybody finds it. */
  interface Finish {
    void with(Home home) throws Exception;
  }

  /** Makes a product and exchanges it for the one before; returns how many bundles it has. */
  static int assemble(Path root, Path repository, Path launcher, Path link, Finish finish) throws Exception {
    Publication publication = new Publication(link);
    Path home = publication.fresh();
    Path target = root.resolve("target-platform/workbench.target");
    // Where it leads now: a build may make it lead elsewhere.
    Path headless = root.resolve("product/target/xenolith").toRealPath();
    List<Path> plugins = new ArrayList<>(jars(headless.resolve("plugins")));
    for (Path folder : folders(root.resolve("bundles"))) {
      plugins.add(Assemble.builtJar(folder));
    }
    List<String> built = plugins.stream().map(jar -> jar.getFileName().toString()).filter(name -> name.startsWith(CHECKOUT)).toList();
    for (TargetLocation.Jar jar : TargetLocation.read(target, BUNDLES)) {
      plugins.add(jar.in(repository));
    }
    plugins.addAll(wrapped(target, repository, link.resolveSibling("wrapped")));
    Assemble.mirror(plugins, home.resolve("plugins"));
    Files.copy(root.resolve("product-ui").resolve(Home.FLAGS), home.resolve(Home.FLAGS), StandardCopyOption.REPLACE_EXISTING);
    Assemble.mirror(List.of(headless.resolve("lib/launch.jar"), headless.resolve("lib/framework.jar")), home.resolve("lib"));
    Files.copy(launcher, home.resolve("lib/workbench.jar"));
    Home product = new Home(home);
    CodePath.makeWhole(product, built, List.of("workbench.jar", "launch.jar", "framework.jar"), Start.class.getName());
    copyLibraries(product);
    finish.with(product);
    publication.publish(home);
    return plugins.size();
  }

  private static List<Path> wrapped(Path target, Path repository, Path folder) throws Exception {
    Files.createDirectories(folder);
    List<Path> bundles = new ArrayList<>();
    for (String label : TargetLocation.labels(target)) {
      if (label.equals(BUNDLES)) {
        continue;
      }
      for (TargetLocation.Jar jar : TargetLocation.read(target, label)) {
        Path bundle = folder.resolve(jar.artifactId() + "-" + jar.version() + ".jar");
        WrappedJar.write(jar.in(repository), jar.version(), TargetLocation.instructions(target, label), bundle);
        bundles.add(bundle);
      }
    }
    return bundles;
  }

  private static List<Path> folders(Path bundles) throws IOException {
    try (Stream<Path> folders = Files.list(bundles)) {
      return folders.filter(f -> f.getFileName().toString().startsWith(OURS) && Files.exists(f.resolve("META-INF/MANIFEST.MF")))
          .sorted().toList();
    }
  }

  private static List<Path> jars(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
    }
  }

  /** Libraries of the host's that draw: on the class path they would be unpacked into the user's home. */
  private static void copyLibraries(Home home) throws IOException {
    Path folder = Files.createDirectories(home.folder().resolve(Start.LIBRARIES));
    for (Path jar : home.bundles()) {
      if (jar.getFileName().toString().startsWith(DRAWING)) {
        try (JarFile file = new JarFile(jar.toFile())) {
          for (JarEntry library : file.stream().filter(entry -> entry.getName().endsWith(".so")).toList()) {
            try (InputStream content = file.getInputStream(library)) {
              Files.copy(content, folder.resolve(library.getName()));
            }
          }
        }
      }
    }
  }

  /** Installs and resolves all bundles once. */
  private static void prepare(Home home) throws IOException, InterruptedException {
    if (java(home, "-Dxenolith.prepare=true", "-Djava.awt.headless=true").inheritIO().start().waitFor() != 0) {
      throw new IOException("The framework did not start with the bundles in " + home.plugins());
    }
  }

  /** A window on a display that nobody sees shows the JVM what to keep ready; without the cache all still works. */
  private static void train(Home home, Path training) throws IOException, InterruptedException {
    String display = System.getenv(UNSEEN);
    int code = -1;
    if (display != null) {
      ProcessBuilder process = java(home, "@" + home.folder().resolve(Home.FLAGS), "@" + training, "-Dxenolith.training=true",
          "-XX:AOTCacheOutput="
              + home.folder().resolve(Home.CLASSES)).redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(
                  ProcessBuilder.Redirect.INHERIT);
      process.environment().put("DISPLAY", display);
      process.environment().remove("WAYLAND_DISPLAY");
      Process window = process.start();
      boolean ended = window.waitFor(TRAINING_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        // With the process that it has write the cache: half a cache is none.
        window.descendants().forEach(ProcessHandle::destroyForcibly);
        window.destroyForcibly().waitFor();
        Files.deleteIfExists(home.folder().resolve(Home.CLASSES));
      }
      code = window.waitFor();
      if (ended && code != 0) {
        throw new IOException("the workbench doesn't open its window: the process that was to open one ended with code " + code
            + "; what it said is above");
      }
    }
    if (!Files.exists(home.folder().resolve(Home.CLASSES))) {
      System.out.println("No classes of the workbench are kept ready, its window takes longer: " + (display == null ? UNSEEN
          + " names no display"
          : "the process that opens it ended with code " + code));
    }
  }

  private static ProcessBuilder java(Home home, String... options) {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of(options));
    command.addAll(List.of("-jar", home.start().toString()));
    return new ProcessBuilder(command);
  }
}
