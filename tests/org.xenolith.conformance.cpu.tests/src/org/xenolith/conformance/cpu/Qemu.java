// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code qemu-aarch64}, from PATH. */
final class Qemu {
  private static final int TIMEOUT_SECONDS = 300;

  /** What a run gave: results in order, fewer than there were sequences if the guest was killed, and why. */
  record Outcome(long[][] results, int exit, String errors) {}

  private final String program;
  private final String cpu;

  Qemu(String cpu) {
    this.cpu = cpu;
    program = QemuProgram.find("qemu-aarch64", "qemu-user");
  }

  Outcome run(GuestImage image) throws IOException, InterruptedException {
    Raw raw = run(image.elf());
    ByteBuffer bytes = ByteBuffer.wrap(raw.output).order(ByteOrder.LITTLE_ENDIAN);
    int size = 8 * GuestImage.RESULT_WORDS;
    long[][] results = new long[bytes.capacity() / size][];
    for (int i = 0; i < results.length; i++) {
      results[i] = State.read(bytes.slice(i * size, size).order(ByteOrder.LITTLE_ENDIAN), GuestImage.RESULT_WORDS);
    }
    return new Outcome(results, raw.exit, raw.errors);
  }

  /** What a program wrote, and how it ended. */
  record Raw(byte[] output, int exit, String errors) {}

  Raw run(byte[] program) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("xenolith-cpu");
    Path elf = folder.resolve("program");
    Path out = folder.resolve("output");
    Path err = folder.resolve("errors");
    try {
      Files.write(elf, program);
      elf.toFile().setExecutable(true);
      Process process = new ProcessBuilder(List.of(this.program, "-cpu", cpu, elf.toString()))
          .redirectInput(new File("/dev/null")).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      return new Raw(Files.readAllBytes(out), process.exitValue(), Files.readString(err).strip());
    } finally {
      for (Path file : List.of(elf, out, err, folder)) {
        Files.deleteIfExists(file);
      }
    }
  }
}
