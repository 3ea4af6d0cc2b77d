// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;

class HistoryTest {
  private static final List<String> CPUS = List.of("cortex-a57", "x86-64-v2");

  @TempDir
  private Path work;

  @Test
  void whatIsAddedComesBackInOrder() {
    History history = History.in(work.resolve("new/history.jsonl"));
    assertEquals(List.of(), history.all());
    Result first = result("2026-01-01T00:00:00Z", "Neoverse", "");
    Result second = result("2026-01-02T00:00:00Z", "Neoverse", "");
    history.add(first);
    history.add(second);
    assertEquals(List.of(first, second), history.all());
  }

  @Test
  void onlyResultsOfTheSameMachineAndOptionsAreAlike() {
    History history = History.in(work.resolve("history.jsonl"));
    Result one = result("2026-01-01T00:00:00Z", "Neoverse", "");
    history.add(one);
    history.add(result("2026-01-02T00:00:00Z", "Cortex", ""));
    history.add(result("2026-01-03T00:00:00Z", "Neoverse", "regions"));
    assertEquals(List.of(one), history.like(one));
  }

  @Test
  void aLineThatIsNoResultIsNamed() throws IOException {
    Path file = work.resolve("history.jsonl");
    History.in(file).add(result("2026-01-01T00:00:00Z", "Neoverse", ""));
    for (String line : List.of("{\"schema\": 1", "{}", "", "[]")) {
      Path copy = Files.copy(file, work.resolve("damaged"), StandardCopyOption.REPLACE_EXISTING);
      Files.writeString(copy, line + "\n", StandardOpenOption.APPEND);
      String says = assertThrows(BadInput.class, () -> History.in(copy).all()).getMessage();
      assertTrue(says.contains("line 2"), says);
    }
  }

  /** Histories are older than names of CPUs. */
  @Test
  void aLineThatNamesNoCpusIsAResult() throws IOException {
    Path file = work.resolve("history.jsonl");
    History.in(file).add(result("2026-01-01T00:00:00Z", "Neoverse", ""));
    Files.writeString(file, Files.readString(file).replace("\"cpus\":[\"cortex-a57\",\"x86-64-v2\"],", ""));
    assertEquals(List.of(), History.in(file).all().getFirst().cpus());
    assertFalse(ResultMarkdown.text(History.in(file).all().getFirst()).contains("CPUs of guests"));
  }

  /** A result of part acpi. */
  static Result byTables() {
    Figures figures = new Figures();
    Figure figure = figures.of(BenchPart.ACPI, "guest", "ns", "an instruction");
    figure.add(true, 30, 0.5);
    figure.add(false, 20, 0.5);
    return new Result(Result.SCHEMA, "2026-01-02T00:00:00Z", "abc", new Host("Neoverse", 2, 1024, "Linux", "JVM"), CPUS, "QEMU 7.2",
        new Result.Options(1, "", 2), Result.rows(figures));
  }

  static Result result(String date, String cpu, String engine) {
    Figures figures = new Figures();
    Figure figure = figures.of(BenchPart.BOOT, "process", "ms", "</script> to the marker");
    figure.add(true, 30, 0.5);
    figure.add(false, 20, Double.NaN);
    figures.of(BenchPart.START, "instruction", "ms", "to the first instruction").add(true, 1000, 0.5);
    return new Result(Result.SCHEMA, date, "abc", new Host(cpu, 2, 1024, "Linux", "JVM"), CPUS, "QEMU", new Result.Options(1, engine, 2),
        Result.rows(figures));
  }
}
