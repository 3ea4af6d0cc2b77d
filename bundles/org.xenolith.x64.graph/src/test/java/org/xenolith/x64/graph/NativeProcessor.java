// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xenolith.testkit.x64.X64Case;

/** The processor that this runs on, or what stands in for one, by a process ({@code x64-native.s}) that executes cases. */
final class NativeProcessor implements AutoCloseable {
  private final Process process;
  private final Path file;
  private final OutputStream requests;
  private final DataInputStream answers;

  private NativeProcessor(Path file, String... before) throws IOException {
    this.file = file;
    String[] command = java.util.Arrays.copyOf(before, before.length + 1);
    command[before.length] = file.toString();
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    requests = process.getOutputStream();
    answers = new DataInputStream(process.getInputStream());
  }

  /** Whether this host can execute it: one of Linux, with such a processor. */
  static boolean possible() {
    return System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64");
  }

  /** Starts it; behind the words of a command that executes it, if there are any. */
  static NativeProcessor start(String... before) throws IOException {
    Path file = Files.createTempFile("x64-native", ".elf");
    try (InputStream program = NativeProcessor.class.getResourceAsStream("x64-native.elf")) {
      Files.write(file, program.readAllBytes());
    }
    if (!file.toFile().setExecutable(true)) {
      throw new IOException(file + " can't be made executable");
    }
    return new NativeProcessor(file, before);
  }

  /** Executes a case. Gives its answer. */
  byte[] execute(byte[] request) throws IOException {
    requests.write(request);
    requests.flush();
    return answers.readNBytes(X64Case.ANSWER);
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    Files.delete(file);
  }
}
