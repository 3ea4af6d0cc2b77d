// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.lapic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.xenolith.hw.lapic.LapicBench.DFR;
import static org.xenolith.hw.lapic.LapicBench.ESR;
import static org.xenolith.hw.lapic.LapicBench.LDR;
import static org.xenolith.hw.lapic.LapicBench.SVR;
import static org.xenolith.hw.lapic.LapicBench.TPR;

import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Interprocessor interrupts (SDM volume 3, 12.6; in x2APIC mode 12.12.9 to 12.12.11). */
class LapicIpiTest {
  private static final int LOGICAL = 1 << 11;
  private static final int SELF = 1 << 18;
  private static final int ALL = 2 << 18;
  private static final int OTHERS = 3 << 18;
  private static final int LOWEST = 1 << 8;
  private static final int NMI = 4 << 8;
  private static final int INIT = 5 << 8;
  private static final int START_UP = 6 << 8;
  private static final int ICR = 0x830;

  private LapicBench bench = new LapicBench(4);

  /** How many interrupts are requested of each CPU. */
  private List<Integer> requests() {
    return IntStream.range(0, bench.context().cpus().size()).mapToObj(cpu -> bench.requested(cpu).size()).toList();
  }

  private void start(int cpus, IntUnaryOperator ids) {
    bench = new LapicBench(LapicBench.node(), cpus, ids);
    for (int cpu = 0; cpu < cpus; cpu++) {
      bench.write(cpu, SVR, 0x1FF);
    }
  }

  @Test
  void physicalDestinations() {
    bench.command(0, 2, 0x41);
    assertEquals(List.of(0, 0, 1, 0), requests());
    assertEquals(0x41, bench.acknowledge(2));
    assertEquals(0x0200_0000, bench.read(0, 0x310));
    assertEquals(0x41, bench.read(0, 0x300), "idle, as it is always");
    bench.command(3, 0xFF, 0x4041);
    assertEquals(List.of(1, 1, 1, 1), requests(), "everybody, the sender, too");
    bench.command(0, 9, 0x51);
    assertEquals(List.of(1, 1, 1, 1), requests(), "nobody");
  }

  @Test
  void shorthands() {
    bench.command(1, 3, SELF | 0x41);
    assertEquals(List.of(0, 1, 0, 0), requests());
    bench.command(1, 3, ALL | 0x42);
    assertEquals(List.of(1, 2, 1, 1), requests());
    bench.command(1, 3, OTHERS | 0x43);
    assertEquals(List.of(2, 2, 2, 2), requests());
    bench.command(1, 3, OTHERS | NMI);
    for (int cpu : new int[] {0, 2, 3}) {
      assertEquals(List.of("nmi"), bench.cpu(cpu).told);
    }
    assertEquals(List.of(), bench.cpu(1).told);
  }

  @Test
  void anApThatIsBroughtUpHearsInitAndStartUp() {
    bench.command(0, 1, 0xC000 | INIT);
    bench.command(0, 1, 0x8000 | INIT);
    bench.command(0, 1, START_UP | 0x9A);
    bench.command(0, 1, START_UP | 0x9A);
    assertEquals(List.of("init", "start-up 0x9a", "start-up 0x9a"), bench.cpu(1).told, "the de-assert does nothing");
    assertEquals(0xFF, bench.read(1, SVR), "reset");
    assertEquals(0x0100_0000, bench.read(1, LapicBench.ID));
    bench.command(0, 1, 0x41);
    assertEquals(List.of(0, 0, 0, 0), requests(), "and disabled");
  }

  @Test
  void flatLogicalDestinations() {
    for (int cpu = 0; cpu < 4; cpu++) {
      bench.write(cpu, LDR, 0x1000_0000L << cpu);
    }
    bench.command(0, 0xA0, LOGICAL | 0x41);
    assertEquals(List.of(0, 1, 0, 1), requests());
    bench.command(0, 0x0F, LOGICAL | 0x42);
    assertEquals(List.of(0, 1, 0, 1), requests());
    bench.write(0, LDR, 0);
    bench.command(0, 0xFF, LOGICAL | 0x43);
    assertEquals(List.of(1, 2, 1, 2), requests(), "all ones are everybody");
  }

  @Test
  void clusterLogicalDestinations() {
    for (int cpu = 0; cpu < 4; cpu++) {
      bench.write(cpu, DFR, 0);
      bench.write(cpu, LDR, (long) (cpu >> 1) << 28 | 0x100_0000L << (cpu & 1));
    }
    bench.command(0, 0x13, LOGICAL | 0x41);
    assertEquals(List.of(0, 0, 1, 1), requests());
    bench.command(0, 0x02, LOGICAL | 0x42);
    assertEquals(List.of(0, 1, 1, 1), requests());
    bench.command(0, 0xFF, LOGICAL | 0x43);
    assertEquals(List.of(1, 2, 2, 2), requests());
    bench.write(3, DFR, 0x5000_0000);
    bench.command(0, 0x13, LOGICAL | 0x44);
    assertEquals(List.of(1, 2, 3, 2), requests(), "a model that there isn't");
  }

  @Test
  void theLowestPriorityIsChosen() {
    bench.write(0, TPR, 0x20);
    bench.write(1, TPR, 0x30);
    bench.write(2, TPR, 0x10);
    bench.write(3, TPR, 0x10);
    bench.command(0, 0xFF, LOWEST | 0x91);
    assertEquals(List.of(0, 0, 1, 0), requests());
    bench.command(3, 0, OTHERS | LOWEST | 0x92);
    assertEquals(List.of(1, 0, 1, 0), requests(), "not itself");
  }

  @Test
  void someProcessorsSendNoneOfTheLowestPriority() {
    bench = new LapicBench(LapicBench.node().option("lowest-priority-ipis", "false"), 1, i -> i);
    bench.write(0, SVR, 0x1FF);
    bench.command(0, 0xFF, LOWEST | 0x91);
    assertEquals(List.of(0), requests());
    bench.write(0, ESR, 0);
    assertEquals(0x10, bench.read(0, ESR), "redirectible IPI");
  }

  @Test
  void anIllegalVectorIsTheSendersError() {
    bench.command(0, 1, 0x0F);
    assertEquals(List.of(0, 0, 0, 0), requests());
    bench.write(0, ESR, 0);
    assertEquals(0x20, bench.read(0, ESR));
    bench.write(1, ESR, 0);
    assertEquals(0, bench.read(1, ESR));
    bench.command(0, 1, START_UP | 0x0F);
    assertEquals(List.of("start-up 0xf"), bench.cpu(1).told, "an address, no vector");
  }

  /** Table 12-4. */
  @Test
  void invalidCommandsAreReported() {
    int[] invalid = {SELF | NMI, ALL | NMI, ALL | INIT, SELF | START_UP, SELF | LOWEST | 0x41, ALL | LOWEST | 0x41, 3 << 8, 7 << 8, OTHERS
        | 7 << 8};
    for (int command : invalid) {
      bench.command(0, 1, command);
      assertEquals(1, bench.context().reportedFaults().size(), Integer.toHexString(command));
      bench.context().reportedFaults().clear();
    }
    for (int cpu = 0; cpu < 4; cpu++) {
      assertEquals(List.of(), bench.cpu(cpu).told);
    }
    assertEquals(List.of(0, 0, 0, 0), requests());
  }

  @Test
  void anSmiIsTold() {
    bench.command(0, 1, 2 << 8);
    assertEquals("smi", bench.context().reportedEvents().getFirst().kind());
  }

  @Test
  void x2apicDestinationsHave32Bits() {
    start(3, cpu -> cpu == 2 ? 0x1_0123 : cpu);
    for (int cpu = 0; cpu < 3; cpu++) {
      bench.x2apic(cpu);
    }
    bench.wrmsr(0, ICR, 0x1_0123L << 32 | 0x41);
    assertEquals(List.of(0, 0, 1), requests());
    bench.wrmsr(0, ICR, 0x23L << 32 | 0x42);
    bench.wrmsr(0, ICR, 0xFFL << 32 | 0x42);
    assertEquals(List.of(0, 0, 1), requests());
    bench.wrmsr(0, ICR, 0xFFFF_FFFFL << 32 | 0x43);
    assertEquals(List.of(1, 1, 2), requests());
    assertEquals(0x1012_0008L, bench.rdmsr(2, 0x80D));
    bench.wrmsr(0, ICR, 0x1012_000AL << 32 | LOGICAL | 0x44);
    assertEquals(List.of(1, 1, 3), requests(), "cluster 0x1012, bits 1 and 3");
    bench.wrmsr(0, ICR, 0x0000_0003L << 32 | LOGICAL | 0x45);
    assertEquals(List.of(2, 2, 3), requests());
    bench.wrmsr(0, ICR, 0x1013_0008L << 32 | LOGICAL | 0x46);
    assertEquals(List.of(2, 2, 3), requests());
    bench.wrmsr(2, ICR, SELF | 0x47);
    assertEquals(List.of(2, 2, 4), requests());
  }

  /** 12.12.10.2: bits 19:4 of the id are the cluster, 3:0 the place in it. */
  @Test
  void logicalIdsOfX2apicsAreDerived() {
    start(2, cpu -> cpu == 0 ? 0x2B : 0x1F);
    bench.x2apic(0);
    bench.x2apic(1);
    assertEquals(0x0002_0800, bench.rdmsr(0, 0x80D));
    assertEquals(0x0001_8000, bench.rdmsr(1, 0x80D));
  }

  /** Software shouldn't do that. */
  @Test
  void anXapicIsNoDestinationOfMoreThan8Bits() {
    bench.x2apic(0);
    bench.write(1, LDR, 0x200_0000);
    bench.wrmsr(0, ICR, 0x102L << 32 | LOGICAL | 0x41);
    bench.wrmsr(0, ICR, 0x101L << 32 | 0x41);
    assertEquals(List.of(0, 0, 0, 0), requests());
    bench.wrmsr(0, ICR, 0x001L << 32 | 0x41);
    assertEquals(List.of(0, 1, 0, 0), requests());
  }

  @Test
  void selfIpi() {
    bench.x2apic(1);
    bench.wrmsr(1, 0x83F, 0x41);
    assertEquals(List.of(0, 1, 0, 0), requests());
    bench.wrmsr(1, 0x83F, 0x0F);
    bench.wrmsr(1, 0x828, 0);
    assertEquals(0x40, bench.rdmsr(1, 0x828), "received illegal vector");
  }

  @Test
  void whoIsDisabledByHardwareHearsNothing() {
    bench.wrmsr(1, LapicBench.APIC_BASE, 0xFEE0_0000L);
    bench.command(0, 1, NMI);
    bench.command(0, 1, 0x41);
    bench.command(0, 0, OTHERS | INIT);
    assertEquals(List.of(), bench.cpu(1).told);
    assertEquals(List.of("init"), bench.cpu(2).told);
  }

  /** 12.4.7.2: what software has disabled still sends, and answers what has no vector of its own. */
  @Test
  void whatSoftwareHasDisabledStillSends() {
    bench.write(0, SVR, 0xFF);
    bench.command(0, 1, 0x41);
    bench.command(0, 0, SELF | 0x41);
    assertEquals(List.of(0, 1, 0, 0), requests());
  }
}
