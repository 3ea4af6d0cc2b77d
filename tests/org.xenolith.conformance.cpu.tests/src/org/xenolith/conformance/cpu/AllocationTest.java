// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.a64.isa.Feature;
import org.xenolith.testkit.Lane;

class AllocationTest {
  private static final long SEED = 20_261_120L;
  private static final Set<Feature> CORTEX_A57 = EnumSet.of(Feature.FP, Feature.ASIMD, Feature.CRC32, Feature.AES, Feature.PMULL,
      Feature.SHA1, Feature.SHA2);

  /** Branches and system instructions excepted. */
  @Test
  void tableAllocatesWhatCortexA57Executes() throws Exception {
    int count = Lane.full() ? 2_000_000 : 200_000;
    List<String> found = new Allocation(new Decoder(CORTEX_A57), new Qemu("cortex-a57"))
        .disagreements(Allocation.words(SEED, count));
    System.out.println(count + " words from seed " + SEED + ", " + found.size() + " disagreements");
    assertEquals(List.of(), found.subList(0, Math.min(20, found.size())), found.size() + " disagreements, seed " + SEED);
  }

  @Test
  void comparisonNoticesAFeatureTooMany() throws Exception {
    EnumSet<Feature> tooMany = EnumSet.copyOf(CORTEX_A57);
    tooMany.add(Feature.LSE);
    assertFalse(new Allocation(new Decoder(tooMany), new Qemu("cortex-a57")).disagreements(Allocation.words(SEED, 20_000))
        .isEmpty());
  }
}
