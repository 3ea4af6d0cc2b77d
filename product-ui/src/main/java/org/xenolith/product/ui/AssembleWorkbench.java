// SPDX-License-Identifier: EPL-2.0
package org.xenolith.product.ui;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xenolith.launch.Assemble;
import org.xenolith.launch.Publication;
import org.xenolith.launch.TargetLocation;

/**
 * Puts the workbench product's folder together: every bundle of the headless product, what the target definition of the
 * workbench names, and the bundles {@code org.xenolith.ui.*}. There is no list to keep.
 */
public final class AssembleWorkbench {

  private static final String BUNDLES = "workbench";
  private static final String OURS = "org.xenolith.ui.";

  /** What must run before others, with its start level. */
  private static final Map<String, Integer> EARLY = Map.of("org.apache.felix.scr", 1, "org.eclipse.equinox.common", 2,
      "org.eclipse.equinox.event", 2, "org.apache.aries.spifly.dynamic.bundle", 2, "org.eclipse.core.runtime", 3, "org.eclipse.equinox.app",
      3);
  private static final int LEVEL = 4;

  private AssembleWorkbench() {}

  /** Arguments: the checkout, the local Maven repository, the jar of this project, the link to the product. */
  public static void main(String[] arguments) throws Exception {
    int count = assemble(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]), Path.of(arguments[3]));
    System.out.println("Assembled " + count + " bundles");
  }

  /** Makes a product and exchanges it for the one before; returns how many bundles it has. */
  static int assemble(Path root, Path repository, Path launcher, Path link) throws Exception {
    Publication publication = new Publication(link);
    Path home = publication.fresh();
    Path target = root.resolve("target-platform/workbench.target");
    // Where it leads now: a build may make it lead elsewhere.
    Path headless = root.resolve("product/target/xenolith").toRealPath();
    List<Path> running = new ArrayList<>(jars(headless.resolve("plugins")));
    for (Path folder : folders(root.resolve("bundles"))) {
      running.add(Assemble.builtJar(folder));
    }
    List<Path> plugins = new ArrayList<>(running);
    for (TargetLocation.Jar jar : TargetLocation.read(target, BUNDLES)) {
      plugins.add(jar.in(repository));
    }
    plugins.addAll(wrapped(target, repository, link.resolveSibling("wrapped")));
    Files.createDirectories(home.resolve("configuration"));
    Files.writeString(home.resolve("configuration/config.ini"), configuration(plugins, running));
    // The framework looks for bundles where it lies itself.
    plugins.add(headless.resolve("lib/framework.jar"));
    Assemble.mirror(plugins, home.resolve("plugins"));
    Files.copy(root.resolve("product-ui/jvm.options"), home.resolve("jvm.options"), StandardCopyOption.REPLACE_EXISTING);
    Assemble.mirror(List.of(headless.resolve("lib/launch.jar")), home.resolve("lib"));
    Files.copy(launcher, home.resolve("lib/workbench.jar"));
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

  /** What the framework reads; files by their place in the product, so that the folder may be moved. */
  private static String configuration(List<Path> plugins, List<Path> running) {
    String bundles = plugins.stream().map(jar -> "reference\\:file\\:" + jar.getFileName() + start(jar, running.contains(jar)))
        .collect(Collectors.joining(",\\\n  "));
    return """
                # Made by the build.
                eclipse.product=org.xenolith.ui.workbench.product
                osgi.bundles.defaultStartLevel=%d
                osgi.bundles=%s
                gosh.args=--nointeractive --noshutdown
                # Flight Recorder makes events of bundles call a class that nobody can import.
                org.osgi.framework.bootdelegation=jdk.jfr.internal.event
                """.formatted(LEVEL, bundles);
  }

  /** Ours run all, as without a window, and so do the services of the framework; of Eclipse what is used starts by itself. */
  private static String start(Path jar, boolean runs) {
    Integer level = EARLY.get(jar.getFileName().toString().replaceFirst("-[0-9].*", ""));
    return level != null ? "@" + level + "\\:start" : runs ? "@start" : "";
  }
}
