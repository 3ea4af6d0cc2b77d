// SPDX-License-Identifier: EPL-2.0
package org.xenolith.releng.ide.run;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Runs the product with what Eclipse compiled: packs the bundles of the workspace into a folder like the product's and starts it in
 * this JVM, so that breakpoints hold. Arguments: the checkout, the folder to pack into, then those of {@code ./xenolith}.
 */
public final class BootFromWorkspace {

  private BootFromWorkspace() {}

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    Path home = Path.of(arguments[1]);
    Path built = root.resolve("product/target/xenolith").toRealPath();
    clear(home);
    Files.createDirectories(home.resolve("plugins"));
    Files.createDirectories(home.resolve("lib"));
    Files.copy(built.resolve("lib/framework.jar"), home.resolve("lib/framework.jar"));
    pack(List.of(root.resolve("product/bin")), home.resolve("lib/launch.jar"));
    int packed = 0;
    for (Path jar : list(built.resolve("plugins"))) {
      String name = jar.getFileName().toString();
      Path project = root.resolve("bundles").resolve(name.replaceFirst("-[0-9].*", ""));
      Path bundle = home.resolve("plugins").resolve(name);
      if (Files.isDirectory(project.resolve("bin"))) {
        packBundle(project, bundle);
        packed++;
      } else {
        Files.copy(jar, bundle);
      }
    }
    System.out.println(packed + " bundles from the workspace");
    System.setProperty("xenolith.root", root.toString());
    URL[] classPath = {home.resolve("lib/launch.jar").toUri().toURL(), home.resolve("lib/framework.jar").toUri().toURL()};
    ClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    loader.loadClass("org.xenolith.launch.Launch").getMethod("main", String[].class)
        .invoke(null, (Object) List.of(arguments).subList(2, arguments.length).toArray(String[]::new));
  }

  /** The compiled classes and, where the manifest is not made by PDE, what {@code build.properties} adds. */
  private static void packBundle(Path project, Path bundle) throws IOException {
    pack(List.of(project.resolve("bin")), bundle);
    Path properties = project.resolve("build.properties");
    if (Files.exists(properties)) {
      Properties build = new Properties();
      try (var reader = Files.newBufferedReader(properties)) {
        build.load(reader);
      }
      for (String included : build.getProperty("bin.includes", "").split("[,\\s]+")) {
        if (!included.equals(".")) {
          add(project, project.resolve(included), bundle);
        }
      }
    }
  }

  private static void pack(List<Path> folders, Path jar) throws IOException {
    try (OutputStream empty = Files.newOutputStream(jar)) {
      new java.util.jar.JarOutputStream(empty).finish();
    }
    for (Path folder : folders) {
      add(folder, folder, jar);
    }
  }

  private static void add(Path base, Path from, Path jar) throws IOException {
    try (FileSystem archive = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of()); Stream<Path> files = Files
        .walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path entry = archive.getPath(base.relativize(file).toString());
        if (entry.getParent() != null) {
          Files.createDirectories(entry.getParent());
        }
        Files.copy(file, entry, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static void clear(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
