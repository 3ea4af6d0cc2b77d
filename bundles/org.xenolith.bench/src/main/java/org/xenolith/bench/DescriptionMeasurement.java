// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.bench.TestBed.GuestFiles;

/**
 * What it costs to describe the board by ACPI tables: the Debian guest on the board as it is by default, beside the same with a device tree.
 * A guest does other work by tables than by a tree, so that boots are compared by host time an instruction.
 */
final class DescriptionMeasurement implements Measurement {
  private static final String MEMORY = "512M";
  private final List<String> byTree;
  private final List<String> byTables;
  private final Path report;

  DescriptionMeasurement(TestBed bed) throws IOException {
    GuestFiles guest = bed.debian("acpi");
    report = bed.folder().resolve("acpi.json");
    byTree = bed.ours("--gic", bed.gic(), "--memory", MEMORY, "--kernel", guest.kernel(), "--initrd", guest.initrd(), "--append",
        guest.commandLine(), "--until", TestBed.MARKER, "--times", "2", "--report", report);
    byTables = new ArrayList<>(byTree);
    byTables.addAll(List.of("--firmware", "acpi"));
  }

  @Override
  public String toString() {
    return "Debian by ACPI";
  }

  @Override
  public String peer() {
    return BenchPart.ACPI.peer;
  }

  @Override
  public void run(boolean isOurs, Figures figures) throws IOException, InterruptedException {
    EmulatorRun run = EmulatorRun.toItsEnd(isOurs ? byTables : byTree, TestBed.MARKER);
    JsonObject told = JsonParser.parseString(Files.readString(report)).getAsJsonObject();
    double instructions = told.get("instructions").getAsDouble();
    List<Double> boots = told.getAsJsonArray("bootSeconds").asList().stream().map(element -> element.getAsDouble()).toList();
    figure(figures, "start", "ms", "to a guest's first instruction").add(isOurs, told.get("startSeconds").getAsDouble() * 1e3, run.load());
    figure(figures, "guest", "ns", "an instruction of Debian's boot").add(isOurs, boots.get(0) * 1e9 / instructions, run.load());
    figure(figures, "second", "ns", "the same of the second boot in the process").add(isOurs, boots.get(1) * 1e9 / instructions, run
        .load());
  }

  private static Figure figure(Figures figures, String name, String unit, String says) {
    return figures.of(BenchPart.ACPI, name, unit, "by ACPI / by device tree: " + says);
  }
}
