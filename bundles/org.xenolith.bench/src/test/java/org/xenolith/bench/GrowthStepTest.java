// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.bench.GrowthStep.Series;
import org.xenolith.bench.TestBed.GuestFiles;

/** That each step has as many of its kind as it says. */
class GrowthStepTest {
  @TempDir
  private Path work;

  @Test
  void machinesHaveAsManyFunctionsAsTheirStepSays() {
    for (int count : new int[] {1, 2, 256, 257, 258, 1024, 4096}) {
      List<String> slots = GrowthStep.functions(count).stream().filter(word -> word.contains("=nvme") || word.contains("=root-port")).map(
          word -> word.substring(0, word.indexOf('='))).toList();
      assertEquals(count, slots.size());
      assertEquals(count, new HashSet<>(slots).size(), "each in its own slot");
      for (String slot : slots) {
        int slash = slot.indexOf('/');
        assertTrue(slash < 0 || slots.contains(slot.substring(0, slash)), slot + " is behind a port that is there");
      }
    }
  }

  @Test
  void eachDomainOfAStepHasAFileOfItsOwn() throws IOException {
    GuestFiles guest = new GuestFiles(Path.of("Image"), Path.of("initrd"), "");
    List<GrowthStep> all = GrowthStep.all(guest, work);
    for (GrowthStep step : all.stream().filter(each -> each.series() == Series.DOMAINS).toList()) {
      assertEquals(step.count(), step.words().stream().filter("--domu"::equals).count());
    }
    assertTrue(Files.readString(work.resolve("d64.cfg")).contains("name = \"d64\""));
    for (Series series : Series.values()) {
      List<GrowthStep> steps = all.stream().filter(each -> each.series() == series).toList();
      assertEquals(List.of(steps.getFirst()), steps.stream().filter(GrowthStep::first).toList(), "beside which the others are put");
    }
  }
}
