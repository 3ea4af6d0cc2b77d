// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.xenolith.bench.WorkloadMeasurement.Pass;

/** 256 functions: what it takes Debian to find them anew, and what a process with them weighs. */
final class EnumerationMeasurement implements Measurement {
  /** Functions beside the host bridge. */
  static final int FUNCTIONS = 256;
  private static final int PASSES = 3;
  private static final String NAME = "enum";
  private final List<String> ours;
  private final List<String> peer;

  private EnumerationMeasurement(List<String> ours, List<String> peer) {
    this.ours = ours;
    this.peer = peer;
  }

  /** On bare metal, without a driver for them. */
  static EnumerationMeasurement bare(TestBed any) throws IOException, InterruptedException {
    PciBed bed = new PciBed(any);
    String words = "xl.bench=" + String.join(",", java.util.Collections.nCopies(PASSES, NAME));
    List<String> our = new ArrayList<>();
    List<String> theirs = new ArrayList<>();
    for (String slot : slots()) {
      int slash = slot.indexOf('/');
      boolean port = slash < 0 && slot.startsWith("1f.");
      String place = slot.substring(slash + 1);
      our.addAll(List.of("--pci", slot + (port ? "=root-port" : "=nvme")));
      String several = place.endsWith(".0") ? ",multifunction=on" : "";
      theirs.addAll(List.of("-device", port ? "pcie-root-port,id=p" + slot + ",chassis=" + (1 + slot.charAt(3) - '0') + ",addr=" + place
          + several
          : "nvme,serial=1,addr=" + place + several + (slash < 0 ? "" : ",bus=p" + slot.substring(0, slash))));
    }
    return new EnumerationMeasurement(bed.ours(words, our), bed.qemu(words, theirs));
  }

  /** 30 full devices on the root bus, and two root ports with 8 and 6 functions behind them. */
  static List<String> slots() {
    List<String> slots = new ArrayList<>();
    for (int device = 1; device <= 30; device++) {
      for (int function = 0; function < 8; function++) {
        slots.add(Integer.toHexString(device) + "." + function);
      }
    }
    for (int port = 0; port < 2; port++) {
      slots.add("1f." + port);
      for (int function = 0; function < (port == 0 ? 8 : 6); function++) {
        slots.add("1f." + port + "/0." + function);
      }
    }
    return slots;
  }

  @Override
  public String toString() {
    return BenchPart.PCI + " with " + FUNCTIONS + " functions";
  }

  @Override
  public void run(boolean isOurs, Figures figures) throws IOException, InterruptedException {
    EmulatorRun run = EmulatorRun.toItsEnd(isOurs ? ours : peer, TestBed.MARKER);
    Map<String, List<Pass>> passes = WorkloadMeasurement.passes(run.lines());
    List<Pass> all = passes.getOrDefault(NAME, List.of());
    if (all.size() != PASSES || !all.stream().allMatch(pass -> Integer.parseInt(pass.sum(), 16) == FUNCTIONS)) {
      throw new IllegalStateException("the guest found other functions than the " + FUNCTIONS + " that there are: " + all);
    }
    double host = BenchSamples.median(all.subList(1, PASSES).stream().map(Pass::host).toList());
    figures.of(BenchPart.PCI, NAME, "ms", FUNCTIONS + " functions: to find them anew").add(isOurs, host, run.load());
    figures.of(BenchPart.PCI, NAME + ".boot", "ms", FUNCTIONS + " functions: to the marker, whole process").add(isOurs, run.marker(), run
        .load());
    figures.of(BenchPart.PCI, NAME + ".memory", "MiB", FUNCTIONS + " functions: peak resident memory then").add(isOurs, run.peakMemory(),
        run
            .load());
  }
}
