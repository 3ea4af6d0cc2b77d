// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The programs of others that the product is compared with: from PATH, or fetched by {@code releng/test-tools}. */
public final class TestTools {
  private static List<Path> folders;

  private TestTools() {}

  /** Runs a tool without input to its end. */
  public static Outcome run(String tool, Object... arguments) throws InterruptedException {
    try (Program program = start(tool, arguments)) {
      return program.await(Product.LONG);
    }
  }

  /** Starts a tool without input. */
  public static Program start(String tool, Object... arguments) throws InterruptedException {
    return Program.start(builder(tool, arguments).redirectInput(new File("/dev/null")));
  }

  /** Starts a tool with standard input open. */
  public static Program startWithInput(String tool, Object... arguments) throws InterruptedException {
    return Program.start(builder(tool, arguments));
  }

  private static ProcessBuilder builder(String tool, Object... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of(find(tool).toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ProcessBuilder(command);
  }

  /** A tool's file; a tool that can't be had is a failure. */
  public static Path find(String tool) throws InterruptedException {
    return folders().stream().map(folder -> folder.resolve(tool)).filter(Files::isExecutable).findFirst()
        .orElseThrow(() -> new AssertionError(tool + " is neither on PATH nor among what releng/test-tools fetches"));
  }

  private static synchronized List<Path> folders() throws InterruptedException {
    if (folders == null) {
      ProcessBuilder fetch = new ProcessBuilder(Product.root().resolve("releng/test-tools").toString());
      String own;
      try (Program program = Program.start(fetch.redirectInput(new File("/dev/null")))) {
        own = program.await(Duration.ofMinutes(10)).expect(0).out().strip();
      }
      folders = Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of(own))
          .filter(folder -> !folder.isEmpty()).map(Path::of).toList();
    }
    return folders;
  }
}
