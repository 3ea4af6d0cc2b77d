// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.xenolith.testkit.Lane;

/** The product that the build has just made, started as a user starts it. */
public final class Product {
  /** Far more than anything here takes on a loaded machine. */
  public static final Duration LONG = Duration.ofMinutes(4);

  private static final File NOTHING = new File("/dev/null");
  private static final String OPTIONS = "XENOLITH_JAVA_OPTS";

  /**
   * Most runs are over before the JVM's second compiler pays, and two run at a time: without it a boot takes 7.8 s of CPU instead of
   * 13.3 s. The full lane, {@link #shell} and runs with options of their own have both compilers, as users do.
   */
  private static final String FIRST_COMPILER = "-XX:TieredStopAtLevel=1";

  private Product() {}

  /** The checkout; the build gives it in the system property {@code xenolith.root}. */
  public static Path root() {
    String root = System.getProperty("xenolith.root");
    if (root == null) {
      throw new IllegalStateException("The system property xenolith.root does not name the checkout");
    }
    return Path.of(root);
  }

  /** Runs {@code ./xenolith ARGUMENTS} without input to its end. */
  public static Outcome run(Object... arguments) throws InterruptedException {
    return run(Map.of(), arguments);
  }

  /** The same with a changed environment. */
  public static Outcome run(Map<String, String> environment, Object... arguments) throws InterruptedException {
    try (Program program = start(environment, arguments)) {
      return program.await(LONG);
    }
  }

  /** The same from another folder, where relative paths begin. */
  public static Outcome runIn(Path folder, Object... arguments) throws InterruptedException {
    try (Program program = Program.start(builder(arguments).directory(folder.toFile()).redirectInput(NOTHING))) {
      return program.await(LONG);
    }
  }

  /** Runs a line as a user types it in the checkout. */
  public static Outcome shell(String line) throws InterruptedException {
    return shell(plain(), line);
  }

  /** The same for a line that is there for what it writes, not for how a user's run goes: with the compilers of {@link #run}. */
  public static Outcome guide(String line) throws InterruptedException {
    return shell(builder(), line);
  }

  private static Outcome shell(ProcessBuilder builder, String line) throws InterruptedException {
    try (Program program = Program.start(builder.command("bash", "-c", line).redirectInput(NOTHING))) {
      return program.await(LONG);
    }
  }

  /** Starts {@code ./xenolith ARGUMENTS} without input. */
  public static Program start(Object... arguments) {
    return start(Map.of(), arguments);
  }

  /** The same with a changed environment. */
  public static Program start(Map<String, String> environment, Object... arguments) {
    ProcessBuilder builder = builder(arguments).redirectInput(NOTHING);
    builder.environment().putAll(environment);
    return Program.start(builder);
  }

  /** Starts {@code ./xenolith ARGUMENTS} with standard input open for {@link Program#type}. */
  public static Program startWithInput(Object... arguments) {
    return Program.start(builder(arguments));
  }

  /** The same on a pseudo terminal, which util-linux's script makes: both outputs are standard output, lines end as on a terminal. */
  public static Program startOnTerminal(Object... arguments) {
    return startOnTerminal(Map.of(), arguments);
  }

  /** The same with a changed environment. */
  public static Program startOnTerminal(Map<String, String> environment, Object... arguments) {
    ProcessBuilder plain = builder(arguments);
    plain.environment().putAll(environment);
    String line = plain.command().stream().map(word -> "'" + word.replace("'", "'\\''") + "'").collect(Collectors.joining(" "));
    plain.environment().put("TERM", "vt100");
    return Program.start(plain.command("script", "-qefc", line, "/dev/null"));
  }

  /** The same from another folder, where relative paths begin. */
  public static Program startIn(Path folder, Object... arguments) {
    return Program.start(builder(arguments).directory(folder.toFile()));
  }

  /** The same with a changed environment. */
  public static Program startWithInput(Map<String, String> environment, Object... arguments) {
    ProcessBuilder builder = builder(arguments);
    builder.environment().putAll(environment);
    return Program.start(builder);
  }

  private static ProcessBuilder builder(Object... arguments) {
    ProcessBuilder builder = plain(arguments);
    if (!Lane.full()) {
      builder.environment().put(OPTIONS, FIRST_COMPILER);
    }
    return builder;
  }

  private static ProcessBuilder plain(Object... arguments) {
    List<String> command = new ArrayList<>(List.of(root().resolve("xenolith").toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    ProcessBuilder builder = new ProcessBuilder(command).directory(root().toFile());
    builder.environment().put("XENOLITH_NO_BUILD", "1");
    return builder;
  }
}
