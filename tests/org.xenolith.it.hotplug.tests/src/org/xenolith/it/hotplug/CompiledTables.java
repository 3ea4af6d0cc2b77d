// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** ACPI tables as they are in a guest's memory, taken apart and compiled again by {@code iasl}. */
public final class CompiledTables {
  private static final String TABLES = "/sys/firmware/acpi/tables";
  private final Path folder;
  private final UnaryOperator<String> shell;

  /**
   * @param folder gets the files
   * @param shell  what a command prints in the guest
   */
  public CompiledTables(Path folder, UnaryOperator<String> shell) {
    this.folder = folder;
    this.shell = shell;
  }

  /** Asserts that these tables are there, and that {@code iasl} has nothing against any. */
  public void check(List<String> names) throws IOException, InterruptedException {
    assertEquals(names, List.of(shell.apply("ls -p " + TABLES + " | grep -v /").strip().split("\\s+")));
    for (String name : names) {
      String bytes = shell.apply("od -v -An -tx1 " + TABLES + "/" + name).replaceAll("\\s", "");
      Files.write(folder.resolve(name + ".dat"), HexFormat.of().parseHex(bytes));
      String said = iasl("-d", name + ".dat") + iasl("-oa", "-p", name + "-again", name + ".dsl");
      assertTrue(said.lines().noneMatch(line -> line.matches("(?i).*\\b(error|warning)\\b.*")
          && !line.matches(".*\\b0 Errors, 0 Warnings\\b.*")), name + ":\n" + said);
      assertTrue(Files.exists(folder.resolve(name + "-again.aml")), said);
    }
  }

  private String iasl(String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("iasl"));
    line.addAll(List.of(arguments));
    Path output = folder.resolve("output");
    Process process = new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), line::toString);
    return Files.readString(output, StandardCharsets.ISO_8859_1);
  }
}
