// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.acpi;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.xenolith.acpi.codec.AcpiTable;

/** {@code iasl}, from PATH. */
final class Iasl {
  private static final int TIMEOUT_SECONDS = 60;

  private final Path program;

  /** What it said of a table, and what it made of its own disassembly. */
  record Verdict(String said, String source, byte[] recompiled) {}

  Iasl() {
    program = Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(folder -> Path.of(folder, "iasl")).filter(Files::isExecutable)
        .findFirst().orElseThrow(() -> new AssertionError("iasl is not on PATH: install acpica-tools, or let releng/test-tools fetch it"));
  }

  /** Disassembles a table and compiles that again. */
  Verdict judge(AcpiTable table) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("xenolith-acpi");
    try {
      Files.write(folder.resolve("table.dat"), table.bytes());
      String said = run(folder, "-d", "table.dat");
      Path source = folder.resolve("table.dsl");
      if (!Files.exists(source)) {
        return new Verdict(said, "", new byte[0]);
      }
      said += run(folder, "-oa", "-p", "again", "table.dsl");
      Path again = folder.resolve("again.aml");
      return new Verdict(said, Files.readString(source, StandardCharsets.ISO_8859_1), Files.exists(again) ? Files.readAllBytes(again)
          : new byte[0]);
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private String run(Path folder, String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(program.toString()));
    line.addAll(List.of(arguments));
    Path output = folder.resolve("output");
    Process process = new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    return Files.readString(output, StandardCharsets.ISO_8859_1);
  }
}
