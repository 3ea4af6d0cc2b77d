// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;

/** Two hundred domains come and go, and nothing of them stays. */
@FullLane
class DomainCyclesTest {
  private static final int CYCLES = 200;
  private static final long SLACK = 1 << 20;

  @TempDir
  Path folder;

  @Test
  void twoHundredDomainsLeaveNoMemoryGrantPortOrStoreNode() throws IOException {
    LaunchRequest request = RequestBuilder.of("virt").cpus(2).memory(256L << 20).noDom0(true)
        .domUs(List.of(DomainCycles.config(folder, "idle", 1, null))).build();
    try (Launch launch = InstalledProduct.get().service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> {})) {
      DomainCycles cycles = new DomainCycles(launch.machine(), folder);
      int half = CYCLES / 2;
      // What only the first domain brings about (a switch, say) is no leak.
      for (int i = 0; i < 5; i++) {
        cycles.cycle(i);
      }
      Counters before = Counters.of(launch.machine(), folder.resolve("before"));
      for (int i = 0; i < half; i++) {
        cycles.cycle(i);
      }
      long middle = heap();
      for (int i = half; i < CYCLES; i++) {
        cycles.cycle(i);
      }
      assertEquals(before, Counters.of(launch.machine(), folder.resolve("after")));
      long grown = heap() - middle;
      assertTrue(grown < SLACK, "a hundred domains cost " + grown + " bytes of the host's heap");
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
