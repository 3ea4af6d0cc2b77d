// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.testkit.Lane;

class DifferentialTest {
  private static final long SEED = 20_261_120L;

  /** 200,000 sequences in the full lane. */
  @Test
  void everySequenceEndsAsQemuEndsIt() throws Exception {
    int count = Lane.full() ? 200_000 : 10_000;
    Differential differential = new Differential(new Qemu("max"), new EngineUnderTest(EngineUnderTest.factory()),
        new SequenceGenerator(null));
    differential.run(SEED, count);
    System.out.println(count + " sequences from seed " + SEED + System.lineSeparator() + differential.coverage());
    assertEquals(0, differential.differing(), () -> String.join(System.lineSeparator(), differential.findings()));
  }
}
