// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.block;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of others that judge images of disks, qemu-img among them: from PATH, or fetched by {@code releng/test-tools} of a checkout. For tests of the full lane. */
public final class DiskTools {
  private static final int LONGEST_SECONDS = 300;
  /** Only what it prints counts, not what it says of its progress. */
  private static final int FETCH = -1;
  private static String fetched = "";

  private DiskTools() {}

  /** A tool's file. @throws AssertionError if it can't be had */
  public static Path find(String tool) throws IOException, InterruptedException {
    return onPath(tool).findFirst().or(() -> Stream.of(fetch()).map(folder -> Path.of(folder, tool)).filter(Files::isExecutable)
        .findFirst())
        .orElseThrow(() -> new AssertionError(tool + " is neither on PATH nor among what releng/test-tools fetches"));
  }

  private static Stream<Path> onPath(String tool) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator)).filter(folder -> !folder.isEmpty()).map(folder -> Path.of(folder,
        tool)).filter(Files::isExecutable);
  }

  private static synchronized String fetch() {
    if (fetched.isEmpty()) {
      try {
        fetched = run(List.of(System.getProperty("xenolith.root", "../..") + "/releng/test-tools", "qemu-img", "qemu-io", "qemu-nbd",
            "nbdkit"), FETCH)
            .strip();
      } catch (IOException e) {
        throw new AssertionError("releng/test-tools can't be run", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }
    return fetched;
  }

  /** Runs a tool to its end, without input. Returns what it said. @throws AssertionError unless it ends with 0 */
  public static String run(String tool, Object... arguments) throws IOException, InterruptedException {
    return run(0, tool, arguments);
  }

  /** The same of one that ends with this code, or a smaller one. */
  public static String run(int most, String tool, Object... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(find(tool).toString()));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    return run(command, most);
  }

  private static String run(List<String> command, int most) throws IOException, InterruptedException {
    Path said = Files.createTempFile("tool", ".txt");
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(most >= 0).redirectInput(new File("/dev/null")).redirectOutput(said
          .toFile())
          .start();
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(command + " doesn't end");
      }
      String text = Files.readString(said, StandardCharsets.ISO_8859_1);
      if (process.exitValue() > Math.max(most, 0)) {
        throw new AssertionError(command + " ends with " + process.exitValue() + ": " + text);
      }
      return text;
    } finally {
      Files.delete(said);
    }
  }
}
