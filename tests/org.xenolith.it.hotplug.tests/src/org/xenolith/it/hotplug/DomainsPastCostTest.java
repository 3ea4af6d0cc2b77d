// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.TwoDomains;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.testkit.FullLane;

/** What it costs to go back in a run of Dom0 with two Debian domains on four CPUs, in milliseconds of the processor; each moment is compared with a run that was left alone. */
@FullLane
class DomainsPastCostTest {
  private static final int CPUS = 4;
  private static final int MOMENTS = 10;

  @TempDir
  private Path folder;

  @Test
  void withABudgetOf512() throws IOException {
    measure("512");
  }

  @Test
  void withABudgetOf64() throws IOException {
    measure("64");
  }

  private static Launch launch(LaunchRequest request) {
    Launch launch = InstalledProduct.get().service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> {});
    launch.debug(new UnhaltedRun(), line -> {});
    return launch;
  }

  private void measure(String budget) throws IOException {
    long seed = System.nanoTime();
    LaunchRequest request = TwoDomains.dom0(folder).cpus(CPUS).build();
    try (Launch kept = launch(request.toBuilder().option("history", budget).build()); Launch alone = launch(request)) {
      ThousandMomentsTest.bootDomains(kept);
      MachineHistory history = InstalledProduct.get().service(MachineHistories.class).of(kept.machine()).orElseThrow();
      System.out.printf("budget %s MiB: %,d instructions, %d checkpoints, %d MiB held%n", budget, kept.machine().instructions(), history
          .checkpoints().size(), history.held() >> 20);
      assertTrue(history.held() <= history.budget() || history.checkpoints().size() == 1, () -> history.held() + " bytes");
      String present = kept.machine().digest();
      List<Long> counts = new Random(seed).longs(MOMENTS, 0, kept.machine().instructions()).sorted().boxed().toList();
      List<String> digests = new ArrayList<>();
      for (long count : counts) {
        alone.machine().run(new RunLimit(Long.MAX_VALUE, count));
        digests.add(alone.machine().digest());
      }
      HistoryCostTest.moments(history, counts, digests, seed);
      assertEquals(present, kept.machine().digest(), "the present");
    }
  }
}
