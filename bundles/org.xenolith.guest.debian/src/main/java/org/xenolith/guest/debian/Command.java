// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs a program of the host and reads what it says, in the C locale, without a keyboard. */
final class Command {
  private Command() {}

  /**
   * What a finished program left.
   *
   * @param exit its exit code
   * @param lines its output and error output, mixed
   */
  record Result(int exit, List<String> lines) {
    /** What the package client marks as error or warning, at most three lines; else the last line. */
    String complaint() {
      for (String mark : List.of("E:", "W:", "Err:")) {
        List<String> complaints = lines.stream().filter(line -> line.startsWith(mark)).limit(3).toList();
        if (!complaints.isEmpty()) {
          return String.join("; ", complaints);
        }
      }
      return lines.isEmpty() ? "exit code " + exit : lines.getLast();
    }
  }

  /** Whether a program of that name is on the path. */
  static boolean exists(String program, Map<String, String> environment) {
    for (String folder : environment.getOrDefault("PATH", "").split(java.io.File.pathSeparator)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }

  static Result run(List<String> words, Path folder, Consumer<String> listener) throws IOException {
    Process process = builder(words).directory(folder.toFile()).redirectErrorStream(true).start();
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      process.getOutputStream().close();
      for (String line; (line = reader.readLine()) != null;) {
        lines.add(line);
        listener.accept(line);
      }
      return new Result(process.waitFor(), lines);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(words.getFirst() + " was interrupted", e);
    } finally {
      process.destroy();
    }
  }

  /** Reads a program's output as bytes; what the program complains about goes to the user. */
  interface Reader<T> {
    T read(InputStream output) throws IOException;
  }

  static <T> T read(List<String> words, Reader<T> reader) throws IOException {
    Process process = builder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (InputStream output = process.getInputStream()) {
      process.getOutputStream().close();
      T result = reader.read(output);
      output.skip(Long.MAX_VALUE);
      int exit = process.waitFor();
      if (exit != 0) {
        throw new IOException(String.join(" ", words) + " ended with exit code " + exit);
      }
      return result;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(words.getFirst() + " was interrupted", e);
    } finally {
      process.destroy();
    }
  }

  private static ProcessBuilder builder(List<String> words) {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("LANG", "C");
    return builder;
  }
}
