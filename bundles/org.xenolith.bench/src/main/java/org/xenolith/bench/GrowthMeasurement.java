// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What a process takes when its machine has more of something: in the other side's place is the first step of each series. */
final class GrowthMeasurement implements Measurement {
  private final List<GrowthStep> steps;
  private final Path report;
  private final TestBed bed;
  private final Map<GrowthStep.Series, Taken> firsts = new EnumMap<>(GrowthStep.Series.class);

  /** One process. @param instructions of its guest */
  private record Taken(EmulatorRun run, double instructions) {}

  GrowthMeasurement(TestBed bed) throws IOException {
    this.bed = bed;
    report = bed.folder().resolve("growth.json");
    steps = GrowthStep.all(bed.debian("growth"), bed.folder());
  }

  @Override
  public String toString() {
    return BenchPart.GROWTH.toString();
  }

  @Override
  public String peer() {
    return BenchPart.GROWTH.peer;
  }

  @Override
  public void run(boolean isOurs, Figures figures) throws IOException, InterruptedException {
    if (!isOurs) {
      return; // the first steps were among ours
    }
    for (GrowthStep step : steps) {
      bed.progress().progress(step.toString());
      List<String> line = new ArrayList<>(bed.ours("--until", TestBed.MARKER, "--report", report));
      line.addAll(step.words());
      EmulatorRun run = EmulatorRun.toItsEnd(line, TestBed.MARKER);
      Taken taken = new Taken(run, JsonParser.parseString(Files.readString(report)).getAsJsonObject().get("instructions").getAsDouble());
      if (step.first()) {
        firsts.put(step.series(), taken);
      }
      Taken first = firsts.get(step.series());
      String name = step.series() + "." + step.count();
      add(figures, name + ".instructions", "M", step + ": guest instructions", each -> each.instructions / 1e6, taken, first);
      add(figures, name + ".cpu", "ms", step + ": CPU time to the marker", each -> each.run.cpu(), taken, first);
      add(figures, name + ".wall", "ms", step + ": to the marker", each -> each.run.marker(), taken, first);
      add(figures, name + ".memory", "MiB", step + ": peak resident memory then", each -> each.run.peakMemory(), taken, first);
    }
  }

  private static void add(Figures figures, String name, String unit, String says, ToDoubleFunction<Taken> what, Taken here, Taken first) {
    Figure figure = figures.of(BenchPart.GROWTH, name, unit, says);
    figure.add(true, what.applyAsDouble(here), here.run.load());
    figure.add(false, what.applyAsDouble(first), first.run.load());
  }
}
