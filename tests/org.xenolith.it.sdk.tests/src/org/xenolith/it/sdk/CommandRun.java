// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Commands in a folder outside the tree, whose user has nothing installed yet. */
final class CommandRun {
  /** Of the folder dist/repository, which {@code sdk repository} makes anew: one test at a time has it. */
  static final String REPOSITORY = "dist/repository";

  private static final long MOST_MINUTES = 10;
  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();

  CommandRun(Path folder) {
    this.folder = folder;
  }

  /** Has a variable in the environment of all commands from now on. */
  void set(String name, String value) {
    environment.put(name, value);
  }

  /** What {@code ./xenolith} with these words says; fails if it ends otherwise than with this code. */
  String xenolith(int code, Object... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(GuideRun.root().resolve("xenolith").toString()));
    for (Object word : words) {
      command.add(word.toString());
    }
    return run(code, command);
  }

  /** What any command says, on both its streams. */
  String run(int code, List<String> command) throws Exception {
    Path said = Files.createTempFile(folder, "said", ".txt");
    Process process = prepared(command, said).start();
    process.getOutputStream().close();
    if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError(command + " runs for ever:\n" + Files.readString(said));
    }
    assertEquals(code, process.exitValue(), () -> String.join(" ", command) + "\n" + text(said));
    return Files.readString(said);
  }

  /** Plain Maven up to {@code verify}. Its own local repository has nothing of ours; what Maven Central has needn't be fetched again. */
  void maven(String project, String... goals) throws Exception {
    String version = "apache-maven-3.9.16/bin/mvn";
    List<Path> places = List.of(Path.of(System.getenv().getOrDefault("XENOLITH_CACHE", System.getProperty("user.home")
        + "/.cache/xenolith"), "maven", version));
    String maven = places.stream().filter(Files::exists).map(Path::toString).findFirst().orElse("mvn");
    List<String> command = new ArrayList<>(List.of(maven, "-B", "-ntp", "-f", project));
    command.addAll(List.of(goals));
    command.addAll(List.of("verify", "-Dmaven.repo.local=" + folder.resolve("m2"), "-Dmaven.repo.local.tail=" + System.getProperty(
        "user.home") + "/.m2/repository", "-Dmaven.repo.local.tail.ignoreAvailability=true"));
    run(0, command);
  }

  /** A process that isn't started yet, with both its streams in a file. */
  ProcessBuilder prepared(List<String> command, Path said) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().put("XENOLITH_NO_BUILD", "1");
    builder.environment().put("XENOLITH_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    builder.environment().put("XDG_DATA_HOME", folder.resolve("data").toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    return builder;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
