// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.testkit.Lane;

class DifferentialTest {
  private static final long SEED = 20_261_120L;
  /** Sequences after which an engine and what it translated are given up: each has regions of its own. */
  private static final int TOGETHER = 5_000;
  /** Instructions of a sequence, on average, that regions must execute: of ten, and of the no-operations behind them. */
  private static final int LEAST_IN_REGIONS = 8;

  /** 200,000 sequences in the full lane. */
  @Test
  void everySequenceEndsAsQemuEndsIt() throws Exception {
    int count = Lane.full() ? 200_000 : 5_000;
    Differential differential = new Differential(new Qemu("max"), new EngineUnderTest(EngineUnderTest.factory()),
        new SequenceGenerator(null), 1);
    differential.run(SEED, count);
    System.out.println(count + " sequences from seed " + SEED + System.lineSeparator() + differential.coverage());
    assertEquals(0, differential.differing(), () -> String.join(System.lineSeparator(), differential.findings()));
  }

  /** Where a host can't have machine code, nothing offers it; where it can and this process doesn't, that fails. */
  @TestFactory
  List<DynamicTest> everySequenceInMachineCodeEndsAsQemuEndsIt() {
    return List.of(EngineUnderTest.hasMachineCode() ? DynamicTest.dynamicTest(EngineUnderTest.MACHINE_CODE,
        DifferentialTest::compareMachineCode)
        : DynamicTest.dynamicTest("no machine code on this host", () -> assertThrows(AssertionError.class, () -> EngineUnderTest.factory(
            EngineUnderTest.MACHINE_CODE))));
  }

  private static void compareMachineCode() throws Exception {
    int count = Lane.full() ? 1_000_000 : 3_000;
    Differential differential = new Differential(new Qemu("max"), new EngineUnderTest(EngineUnderTest.factory(
        EngineUnderTest.MACHINE_CODE)),
        new SequenceGenerator(null), 1);
    differential.run(SEED, count);
    System.out.println(count + " sequences from seed " + SEED + " in machine code");
    assertEquals(0, differential.differing(), () -> String.join(System.lineSeparator(), differential.findings()));
  }

  /** By an engine that translates what runs often: each sequence is interpreted, then translated, then executed in its region. */
  @Test
  void everySequenceInARegionEndsAsQemuEndsIt() throws Exception {
    int count = Lane.full() ? 50_000 : 400;
    List<String> findings = new ArrayList<>();
    long inRegions = 0;
    long translations = 0;
    for (int done = 0; done < count; done += TOGETHER) {
      TranslatingEngine engine = new TranslatingEngine();
      Differential differential = new Differential(new Qemu("max"), new EngineUnderTest(engine), new SequenceGenerator(null), 2);
      differential.run(SEED + done, Math.min(TOGETHER, count - done));
      findings.addAll(differential.findings());
      inRegions += engine.instructions();
      translations += engine.translations();
    }
    System.out.println(count + " sequences from seed " + SEED + ": " + translations + " regions, " + inRegions + " instructions in them");
    assertEquals(0, findings.size(), () -> String.join(System.lineSeparator(), findings));
    assertTrue(translations >= count, "translations: " + translations);
    assertTrue(inRegions >= (long) count * LEAST_IN_REGIONS, "instructions in regions: " + inRegions);
  }
}
