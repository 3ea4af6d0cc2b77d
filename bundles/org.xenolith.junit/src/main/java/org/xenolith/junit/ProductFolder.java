// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the product lies whose bundles make machines.
 *
 * @param folder has a folder {@code plugins}
 */
record ProductFolder(Path folder) {
  /** The system property that names the product: an unpacked archive, or a checkout that was built. */
  static final String PROPERTY = "xenolith.home";
  /** The environment variable that names it. */
  static final String VARIABLE = "XENOLITH_HOME";
  /** What a shell takes as it is. */
  private static final Pattern PLAIN = Pattern.compile("[\\w./+-]+");
  private static final String PLUGINS = "plugins";
  /** In a checkout. */
  private static final String BUILT = "product/target/xenolith";

  /**
   * The one that this process is told of.
   *
   * @throws IllegalStateException if it is told of none, or there is none; the message has the remedy
   */
  static ProductFolder ofThisProcess() {
    return of(System.getProperty(PROPERTY), System.getenv());
  }

  static ProductFolder of(@Nullable String property, Map<String, String> environment) {
    String variable = environment.get(VARIABLE);
    if (property == null && variable == null) {
      throw new IllegalStateException("no Xenolith is named whose bundles make machines: unpack an archive of './xenolith dist', or build a"
          + " checkout, and say where it is, with -D" + PROPERTY + "=FOLDER (in surefire's systemPropertyVariables) or " + VARIABLE
          + "=FOLDER");
    }
    String name = property == null ? VARIABLE + "=" + variable : "-D" + PROPERTY + "=" + property;
    Path said = Path.of(property == null ? variable : property).toAbsolutePath();
    return Stream.of(said, said.resolve(BUILT)).filter(folder -> Files.isDirectory(folder.resolve(PLUGINS))).findFirst().map(
        ProductFolder::new).orElseThrow(() -> new IllegalStateException(name + ": no Xenolith is there, neither a folder '" + PLUGINS
            + "' nor '" + BUILT + "'; name an unpacked archive of './xenolith dist', or a checkout in which './xenolith build' has run"));
  }

  /** Its bundles, by name. */
  List<Path> jars() {
    try (Stream<Path> files = Files.list(folder.resolve(PLUGINS))) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": its bundles can't be listed", e);
    }
  }

  /** The command that opens a recording, for a person. */
  String opens(Path recording) {
    String file = recording.toAbsolutePath().toString();
    Path checkout = folder.resolve("../../..").normalize();
    boolean built = folder.endsWith(BUILT) && Files.isExecutable(checkout.resolve("xenolith"));
    return (built ? checkout.resolve("xenolith") : folder.resolve("bin/xenolith")) + " open " + (PLAIN.matcher(file).matches() ? file : "'"
        + file + "'");
  }
}
