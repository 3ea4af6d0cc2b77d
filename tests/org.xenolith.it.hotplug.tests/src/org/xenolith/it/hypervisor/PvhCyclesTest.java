// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;

/** A hundred PVH domains of a PC come, are paused, saved, go on in another machine from the snapshot and in their own, and go; nothing of them stays in either. */
@FullLane
class PvhCyclesTest {
  private static final int CYCLES = 100;
  private static final long SLACK = 1 << 20;

  @TempDir
  Path folder;
  private Counters before;

  private static Launch launch(LaunchRequest request) {
    return InstalledProduct.get().service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> {});
  }

  @Test
  void aHundredDomainsLeaveNoMemoryGrantPortOrStoreNode() throws IOException {
    LaunchRequest request = RequestBuilder.of("pc-pvh").cpus(2).memory(256L << 20).noDom0(true)
        .domUs(List.of(DomainCycles.pcConfig(folder, "idle", 1, null))).build();
    try (Launch launch = launch(request)) {
      DomainCycles cycles = DomainCycles.onPc(launch.machine(), folder);
      // What only the first domain brings about (a switch, say) is no leak.
      for (int i = 0; i < 5; i++) {
        cycles.cycle(i);
      }
      before = counters(launch);
      for (int i = 0; i < CYCLES / 2; i++) {
        cycles.cycle(i, () -> inAnotherMachine(launch, cycles));
      }
      long middle = heap();
      for (int i = CYCLES / 2; i < CYCLES; i++) {
        cycles.cycle(i, () -> inAnotherMachine(launch, cycles));
      }
      assertEquals(before, counters(launch));
      long grown = heap() - middle;
      assertTrue(grown < SLACK, "fifty domains cost " + grown + " bytes of the host's heap");
      assertEquals(null, launch.machine().events().get("model-failed"));
    }
  }

  private void inAnotherMachine(Launch launch, DomainCycles cycles) throws IOException {
    cycles.xl("pause small");
    Path snapshot = folder.resolve("snapshot");
    launch.save(snapshot);
    try (Launch other = launch(RequestBuilder.ofSnapshot(snapshot).build())) {
      assertEquals(launch.machine().digest(), other.machine().digest(), "right after it was restored");
      DomainCycles rest = cycles.with(other.machine());
      rest.xl("unpause small");
      rest.run(2);
      rest.xl("destroy small");
      rest.run(2);
      assertEquals(before, counters(other), "in the restored machine");
    }
    delete(snapshot);
    cycles.xl("unpause small");
  }

  private Counters counters(Launch launch) throws IOException {
    Path scratch = folder.resolve("scratch");
    Counters counters = Counters.of(launch.machine(), scratch);
    delete(scratch);
    return counters;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Bytes of live objects. */
  private static long heap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
