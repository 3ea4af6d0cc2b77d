// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.lapic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hw.lapic.LapicBench.EOI;
import static org.xenolith.hw.lapic.LapicBench.ESR;
import static org.xenolith.hw.lapic.LapicBench.IRR;
import static org.xenolith.hw.lapic.LapicBench.ISR;
import static org.xenolith.hw.lapic.LapicBench.PPR;
import static org.xenolith.hw.lapic.LapicBench.SVR;
import static org.xenolith.hw.lapic.LapicBench.TMR;
import static org.xenolith.hw.lapic.LapicBench.TPR;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Requested, in service, ended; priorities; what bus masters write. */
class LapicInterruptsTest {
  private static final int LEVEL = 0xC000;

  private final LapicBench bench = new LapicBench(3);

  @Test
  void anInterruptIsRequestedThenInServiceThenEnded() {
    bench.message(0, 0x41);
    assertTrue(bench.interrupt(0));
    assertFalse(bench.interrupt(1));
    assertEquals(List.of(0x41), bench.requested(0));
    assertEquals(0x41, bench.acknowledge(0));
    assertFalse(bench.interrupt(0));
    assertEquals(List.of(), bench.requested(0));
    assertEquals(List.of(0x41), bench.vectors(0, ISR));
    assertEquals(0x40, bench.read(0, PPR));
    bench.write(0, EOI, 0);
    assertEquals(List.of(), bench.vectors(0, ISR));
    assertEquals(List.of(), bench.ended, "an edge's end is nobody's business");
  }

  @Test
  void oneMoreIsKeptWhileOneIsInService() {
    bench.message(0, 0x41);
    bench.acknowledge(0);
    bench.message(0, 0x41);
    bench.message(0, 0x41);
    assertFalse(bench.interrupt(0), "not above what is in service");
    bench.write(0, EOI, 0);
    assertEquals(0x41, bench.acknowledge(0));
    bench.write(0, EOI, 0);
    assertFalse(bench.interrupt(0));
  }

  /** The priority is the vector's upper four bits (12.8.3). */
  @Test
  void onlyAHigherClassInterrupts() {
    bench.message(0, 0x41);
    bench.acknowledge(0);
    bench.message(0, 0x4F);
    assertFalse(bench.interrupt(0), "the same class");
    bench.message(0, 0x50);
    assertTrue(bench.interrupt(0));
    assertEquals(0x50, bench.acknowledge(0));
    assertEquals(List.of(0x41, 0x50), bench.vectors(0, ISR));
    bench.write(0, EOI, 0);
    assertEquals(List.of(0x41), bench.vectors(0, ISR), "the highest ends");
    assertFalse(bench.interrupt(0));
    bench.write(0, EOI, 0);
    assertEquals(0x4F, bench.acknowledge(0));
  }

  @Test
  void theTaskPriorityHoldsBackItsClassAndThoseBelow() {
    bench.write(0, TPR, 0x43);
    assertEquals(0x43, bench.read(0, PPR));
    bench.message(0, 0x4F);
    assertFalse(bench.interrupt(0));
    bench.cpu(0).controller().taskPriority(3);
    assertEquals(0x30, bench.read(0, TPR));
    assertTrue(bench.interrupt(0));
    bench.cpu(0).controller().taskPriority(15);
    assertFalse(bench.interrupt(0));
    bench.write(0, TPR, 0);
    assertEquals(0x4F, bench.acknowledge(0));
  }

  /** 12.8.3.1, 12.6.2.4. */
  @Test
  void prioritiesAreComputed() {
    bench.message(0, 0x52);
    assertEquals(0x50, bench.read(0, 0x90), "APR: that of the requested one");
    bench.acknowledge(0);
    assertEquals(0x50, bench.read(0, PPR));
    bench.write(0, TPR, 0x4F);
    assertEquals(0x50, bench.read(0, PPR), "in service is higher");
    assertEquals(0x40, bench.read(0, 0x90), "APR: 4 and 5");
    bench.write(0, TPR, 0x6F);
    assertEquals(0x6F, bench.read(0, PPR));
    assertEquals(0x6F, bench.read(0, 0x90));
  }

  /** 12.9: between the request and the CPU's answer the priority was raised. */
  @Test
  void withoutAnInterruptTheSpuriousOneIsTaken() {
    assertEquals(0xFF, bench.acknowledge(0));
    bench.write(0, SVR, 0x1E7);
    bench.message(0, 0x41);
    bench.write(0, TPR, 0x80);
    assertEquals(0xE7, bench.acknowledge(0));
    assertEquals(List.of(), bench.vectors(0, ISR), "it isn't in service");
    assertEquals(List.of(0x41), bench.requested(0));
  }

  @Test
  void theEndOfALevelIsToldToIoApics() {
    bench.message(0, LEVEL | 0x61);
    assertEquals(List.of(0x61), bench.vectors(0, TMR));
    bench.acknowledge(0);
    bench.message(0, 0x71);
    bench.acknowledge(0);
    bench.write(0, EOI, 0);
    assertEquals(List.of(), bench.ended, "0x71 was an edge");
    bench.write(0, EOI, 0);
    assertEquals(List.of(0x61), bench.ended);
    bench.write(0, EOI, 0);
    assertEquals(List.of(0x61), bench.ended, "nothing was in service");
    bench.message(0, 0x61);
    assertEquals(List.of(), bench.vectors(0, TMR));
  }

  @Test
  void theBroadcastCanBeSuppressed() {
    bench.write(0, SVR, 0x11FF);
    bench.message(0, LEVEL | 0x61);
    bench.acknowledge(0);
    bench.write(0, EOI, 0);
    assertEquals(List.of(), bench.ended);
    assertEquals(List.of(), bench.vectors(0, ISR));
  }

  @Test
  void aLevelsDeassertIsNothing() {
    bench.message(0, 0x8000 | 0x61);
    assertEquals(List.of(), bench.requested(0));
    assertEquals(List.of(), bench.context().reportedEvents());
  }

  @Test
  void vectorsBelow16AreErrors() {
    for (int vector = 0; vector < 16; vector++) {
      bench.message(0, vector);
      assertEquals(List.of(), bench.requested(0));
      bench.write(0, ESR, 0);
      assertEquals(0x40, bench.read(0, ESR));
    }
    bench.message(0, 16);
    assertTrue(bench.interrupt(0));
    bench.write(0, ESR, 0);
    assertEquals(0, bench.read(0, ESR));
  }

  @Test
  void softwareThatDisablesItHoldsWhatIsThereAndTakesNoMore() {
    bench.message(0, 0x41);
    bench.write(0, SVR, 0xFF);
    bench.message(0, 0x42);
    bench.message(0, 0x400);
    bench.message(0, 0x500);
    assertEquals(List.of("nmi", "init"), bench.cpu(0).told, "12.4.7.2: it answers these");
    bench.message(1, 0x41);
    bench.write(1, SVR, 0xFF);
    bench.message(1, 0x42);
    assertEquals(List.of(0x41), bench.requested(1));
    assertEquals(0x41, bench.acknowledge(1));
  }

  /** 12.11.1. */
  @Test
  void messagesHavePhysicalDestinations() {
    bench.message(2, 0x41);
    assertEquals(List.of(List.of(), List.of(), List.of(0x41)), List.of(bench.requested(0), bench.requested(1), bench.requested(2)));
    bench.message(0xFF, 0x42);
    assertEquals(List.of(0x42), bench.requested(0));
    assertEquals(List.of(0x41, 0x42), bench.requested(2));
    bench.x2apic(1);
    bench.message(1, 0x43);
    bench.message(0xFF, 0x44);
    assertEquals(List.of(0x42, 0x43, 0x44), bench.requested(1));
    bench.message(9, 0x45);
    assertEquals(List.of("apic-message"), bench.context().reportedEvents().stream().map(e -> e.kind()).toList(), "nobody's");
  }

  @Test
  void messagesHaveLogicalDestinations() {
    for (int cpu = 0; cpu < 3; cpu++) {
      bench.write(cpu, LapicBench.LDR, 1L << 24 + cpu);
    }
    bench.logicalMessage(0b101, 0x41);
    assertEquals(List.of(List.of(0x41), List.of(), List.of(0x41)), List.of(bench.requested(0), bench.requested(1), bench.requested(2)));
    bench.x2apic(2);
    bench.logicalMessage(0b100, 0x42);
    assertEquals(List.of(0x41, 0x42), bench.requested(2), "in cluster 0 of x2APICs");
  }

  @Test
  void theLowestPriorityIsChosen() {
    for (int cpu = 0; cpu < 3; cpu++) {
      bench.write(cpu, LapicBench.LDR, 1L << 24 + cpu);
      bench.write(cpu, TPR, 0x30 - cpu * 0x10);
    }
    bench.logicalMessage(0b111, 0x100 | 0x91);
    assertEquals(List.of(0x91), bench.requested(2));
    bench.write(2, SVR, 0xFF);
    bench.logicalMessage(0b111, 0x100 | 0x92);
    assertEquals(List.of(0x92), bench.requested(1), "among those that are enabled");
    bench.context().message(0, -1, 0b011 << 12 | 0xC, 0x93);
    assertEquals(List.of(0x93), bench.requested(0), "the redirection hint; CPU 1 has 0x92 to do");
    bench.write(0, TPR, 0);
    bench.logicalMessage(0b111, 0x94);
    assertEquals(List.of(0x93, 0x94), bench.requested(0));
    assertEquals(List.of(0x92, 0x94), bench.requested(1), "to all without");
  }

  @Test
  void messagesOfOtherModes() {
    bench.message(1, 0x400);
    bench.message(1, 0x500);
    assertEquals(List.of("nmi", "init"), bench.cpu(1).told);
    bench.message(1, 0x200);
    bench.message(1, 0x700);
    bench.message(1, 0x300);
    bench.message(1, 0x600);
    assertEquals(List.of("nmi", "init"), bench.cpu(1).told);
    assertEquals(List.of("smi", "extint", "apic-message", "apic-message"), bench.context().reportedEvents().stream().map(e -> e.kind())
        .toList());
  }

  /** 12.4.7.3. */
  @Test
  void initResetsAllButTheIdAndTheMode() {
    bench.x2apic(1);
    bench.wrmsr(1, 0x808, 0x20);
    bench.message(1, 0x91);
    assertTrue(bench.interrupt(1));
    bench.message(1, 0x500);
    assertFalse(bench.interrupt(1));
    assertEquals(0, bench.rdmsr(1, 0x808));
    assertEquals(0xFF, bench.rdmsr(1, 0x80F));
    assertEquals(1, bench.rdmsr(1, 0x802));
    assertEquals(2, bench.rdmsr(1, 0x80D));
    assertEquals(0, bench.rdmsr(1, 0x820 + 4));
  }

  @Test
  void handOverKeepsWhatIsRequestedAndInService() {
    bench.message(1, LEVEL | 0x41);
    bench.acknowledge(1);
    bench.message(1, 0x51);
    bench.handOver();
    assertTrue(bench.interrupt(1));
    assertEquals(0x51, bench.acknowledge(1));
    bench.write(1, EOI, 0);
    bench.write(1, EOI, 0);
    assertEquals(List.of(0x41), bench.ended);
    assertEquals(0, bench.read(1, IRR + 0x20));
  }

  @Test
  void aRemovedOneDrivesNothing() {
    bench.message(1, 0x51);
    bench.model().removed();
    assertFalse(bench.interrupt(1));
  }
}
