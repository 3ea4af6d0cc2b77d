// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How long it takes until a guest runs: the probe guest, which says something at once. */
final class StartMeasurement implements Measurement {
  private static final int MEMORY = 512;
  private final List<String> ours;
  private final List<String> peer;
  private final Path report;

  StartMeasurement(TestBed bed) throws IOException, InterruptedException {
    Path image = Files.write(bed.folder().resolve("start.Image"), ProbeGuest.image(false, bed.gic()));
    Path tree = bed.file("start", bed.tree(MEMORY, false));
    report = bed.folder().resolve("start.json");
    ours = bed.ours(tree, "--kernel", image, "--until", TestBed.MARKER, "--report", report);
    peer = bed.qemu(MEMORY, false, tree, "-kernel", image);
  }

  @Override
  public String toString() {
    return BenchPart.START.toString();
  }

  @Override
  public void run(boolean isOurs, Figures figures) throws IOException, InterruptedException {
    EmulatorRun run = isOurs ? EmulatorRun.toItsEnd(ours, TestBed.MARKER) : EmulatorRun.toTheMarker(peer, TestBed.MARKER);
    figures.of(BenchPart.START, "output", "ms", "to a guest's first line").add(isOurs, run.marker(), run.load());
    if (isOurs) {
      figures.of(BenchPart.START, "instruction", "ms", "to a guest's first instruction").add(true, toFirstInstruction(), run.load());
    }
    figures.of(BenchPart.START, "memory", "MiB", "peak resident memory then").add(isOurs, run.peakMemory(), run.load());
  }

  private double toFirstInstruction() throws IOException {
    return JsonParser.parseString(Files.readString(report)).getAsJsonObject().get("startSeconds").getAsDouble() * 1e3;
  }
}
