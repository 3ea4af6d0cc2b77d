// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.command.api.BadInput;

/** Starts the product that this process runs once more, as the launcher script does. */
final class ProductProcess {
  private static final String START = "xenolith.jar";
  private static final String ROOT = "xenolith.root";
  private static final String PREPARED = "xenolith.prepared";
  private static final String TEMPORARY = "java.io.tmpdir";
  private static final String FILE = "file:";

  private ProductProcess() {}

  /**
   * Starts it.
   *
   * @param location  of the bundle that asks, for a process that wasn't started as a product
   * @param property  a system property that it has, {@code NAME=VALUE}
   * @param secret    which it has in its environment
   * @param errors    file that gets what it writes to standard error
   * @param arguments of the command line
   */
  static Process start(String location, String property, String secret, Path errors, List<String> arguments) throws IOException {
    Path home = home(location).orElseThrow(() -> new BadInput("this process has no product whose folder is known, to start a second one"));
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "@" + home.resolve(
        "jvm.options")));
    // What an archive's first start made lies elsewhere.
    String prepared = System.getProperty(PREPARED);
    if (prepared != null) {
      command.add("-D" + PREPARED + "=" + prepared);
    }
    Path cache = (prepared == null ? home : Path.of(prepared)).resolve("classes.aot");
    if (Files.isReadable(cache)) {
      command.add("-XX:AOTCache=" + cache);
    }
    if (System.getProperty(ROOT) != null) {
      command.add("-D" + ROOT + "=" + System.getProperty(ROOT));
    }
    command.addAll(List.of("-D" + TEMPORARY + "=" + System.getProperty(TEMPORARY), "-D" + property, "-jar", home.resolve("lib").resolve(
        START)
        .toString()));
    command.addAll(arguments);
    ProcessBuilder second = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(errors.toFile());
    second.environment().put(AskedProcess.SECRET, secret);
    return second.start();
  }

  private static Optional<Path> home(String location) {
    Path started = Path.of(System.getProperty("java.class.path").split(File.pathSeparator)[0]).toAbsolutePath();
    Path jar = started.endsWith(START) ? started : Path.of(location.substring(location.indexOf(FILE) + (location.contains(FILE) ? FILE
        .length() : 1))).toAbsolutePath();
    return Optional.ofNullable(jar.getParent()).map(Path::getParent).filter(home -> Files.isReadable(home.resolve("lib").resolve(START)));
  }
}
