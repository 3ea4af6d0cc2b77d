// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The product's folder.
 *
 * <pre>
 * lib/            launch.jar and framework.jar, the class path
 * plugins/        every bundle that is installed at start
 * configuration/  the framework's storage as it is with all of them installed and resolved, and "fingerprint"
 * jvm.options     flags for the JVM
 * classes.aot     the JVM's cache of what a start loads and links; may be absent
 * </pre>
 *
 * <p>A run never writes here: it works on a copy of {@code configuration}, so that runs don't see one another's
 * installed and removed bundles and may go on side by side.
 *
 * @param folder the folder itself
 */
record Home(Path folder) {

  Path plugins() {
    return folder.resolve("plugins");
  }

  Path configuration() {
    return folder.resolve("configuration");
  }

  /** The bundles to install, in name order, so that bundle ids are the same in each run. */
  List<Path> bundles() {
    try (Stream<Path> files = Files.list(plugins())) {
      return files.filter(file -> file.getFileName().toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(plugins() + ": cannot list the bundles; run ./xenolith again to rebuild", e);
    }
  }

  /** What {@link #configuration} depends on: where the product lies, and each bundle's name, size and age. */
  String fingerprint() {
    return bundles().stream().map(Home::identity)
        .collect(Collectors.joining("\n", plugins().toAbsolutePath() + "\n", "\n"));
  }

  /** Whether {@link #configuration} was made from the bundles that are there now. */
  boolean prepared() {
    Path file = configuration().resolve("fingerprint");
    try {
      return Files.exists(file) && Files.readString(file).equals(fingerprint());
    } catch (IOException e) {
      return false; // a start from nothing is slower and otherwise the same
    }
  }

  private static String identity(Path file) {
    try {
      return file.getFileName() + " " + Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
