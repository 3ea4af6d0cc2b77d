// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ioapic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hw.ioapic.IoApicBench.EOIR;
import static org.xenolith.hw.ioapic.IoApicBench.LEVEL;
import static org.xenolith.hw.ioapic.IoApicBench.MASKED;
import static org.xenolith.hw.ioapic.IoApicBench.PENDING;
import static org.xenolith.hw.ioapic.IoApicBench.REDIRECTION;
import static org.xenolith.hw.ioapic.IoApicBench.REMOTE_IRR;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.RegisterFaults.Kind;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class IoApicTest {
  private static final int LOGICAL = 1 << 11;
  private static final int NMI = 4 << 8;

  private final IoApicBench bench = new IoApicBench();

  @Test
  void identificationIsThatOfVersion20() {
    assertEquals(0x0017_0020, bench.read(IoApicBench.VERSION));
    assertEquals(0, bench.read(IoApicBench.ID));
    bench.write(IoApicBench.ID, 0xFFFF_FFFFL);
    assertEquals(0x0F00_0000, bench.read(IoApicBench.ID));
    assertEquals(0x0F00_0000, bench.read(IoApicBench.ARBITRATION), "loaded along with the id");
    bench.write(IoApicBench.VERSION, 0);
    bench.write(IoApicBench.ARBITRATION, 0);
    assertEquals(0x0017_0020, bench.read(IoApicBench.VERSION));
    assertEquals(0x0F00_0000, bench.read(IoApicBench.ARBITRATION));
    assertEquals(List.of(), bench.context().reportedFaults());
  }

  @Test
  void entriesKeepTheirWritableBits() {
    for (int pin = 0; pin < 24; pin++) {
      assertEquals(MASKED, bench.entry(pin), "masked after reset");
      assertEquals(0, bench.read(REDIRECTION + 2 * pin + 1));
      bench.write(REDIRECTION + 2 * pin + 1, 0xFFFF_FFFFL);
      bench.entry(pin, 0xFFFF_FFFFL);
      assertEquals(0x1_AFFF, bench.entry(pin), "12 and 14 can't be written");
      assertEquals(0xFF00_0000L, bench.read(REDIRECTION + 2 * pin + 1));
      bench.entry(pin, MASKED);
      assertEquals(MASKED, bench.entry(pin));
    }
  }

  @Test
  void whoLooksIsShownTheRedirectionTable() {
    bench.write(REDIRECTION + 2 * 5 + 1, 0x0300_0000L);
    bench.entry(5, LEVEL | 0x41);
    assertEquals(Optional.of(OptionalLong.of(3L << 56 | LEVEL | 0x41)), bench.model().state().stored("indirect", "IOREDTBL5", REDIRECTION
        + 2
            * 5));
    assertEquals(Optional.of(OptionalLong.of(0x0017_0020)), bench.model().state().stored("indirect", "IOAPICVER", 1));
  }

  @Test
  void aRegisterThatThereIsNotIsReported() {
    for (int register : new int[] {0x03, 0x0F, 0x40, 0xFF}) {
      assertEquals(0, bench.read(register));
      bench.write(register, 1);
      assertEquals(List.of(Kind.UNKNOWN_READ, Kind.UNKNOWN_WRITE), bench.context().reportedFaults().stream().map(FakeContext.Fault::kind)
          .toList(), Integer.toHexString(register));
      bench.context().reportedFaults().clear();
    }
  }

  /** Intel SDM volume 3, 12.11: the destination in the address's 19:12, logical in 2; data as the entry says. */
  @Test
  void anEdgeIsAMessageToItsDestination() {
    bench.destination(4, 0x3);
    bench.entry(4, 0x41);
    bench.pulse(4);
    assertEquals(List.of("fee03000: 41"), bench.sent());
    bench.destination(4, 0xFF);
    bench.entry(4, 0x41 | LOGICAL | 1 << 8);
    bench.pulse(4);
    assertEquals(List.of("feeff004: 141"), bench.sent());
    assertEquals(0x41 | LOGICAL | 1 << 8, bench.entry(4), "an edge leaves neither Remote IRR nor delivery status");
    bench.line(4, true);
    bench.line(4, false);
    bench.line(4, true);
    assertEquals(2, bench.sent().size());
  }

  @Test
  void anEdgeWhileMaskedIsLost() {
    bench.entry(4, 0x41 | MASKED);
    bench.pulse(4);
    bench.entry(4, 0x41);
    assertEquals(List.of(), bench.sent());
    bench.pulse(4);
    assertEquals(List.of("fee00000: 41"), bench.sent());
  }

  @Test
  void aLevelIsSentOnceUntilItsEnd() {
    bench.entry(9, 0x51 | LEVEL);
    bench.line(9, true);
    assertEquals(List.of("fee00000: c051"), bench.sent());
    assertEquals(0x51 | LEVEL | REMOTE_IRR, bench.entry(9));
    bench.line(9, false);
    bench.line(9, true);
    assertEquals(List.of(), bench.sent());
    bench.ended(0x50);
    assertEquals(List.of(), bench.sent(), "another vector");
    bench.ended(0x51);
    assertEquals(List.of("fee00000: c051"), bench.sent(), "still asserted");
    bench.line(9, false);
    bench.ended(0x51);
    assertEquals(List.of(), bench.sent());
    assertEquals(0x51 | LEVEL, bench.entry(9));
    bench.line(9, true);
    assertEquals(List.of("fee00000: c051"), bench.sent());
  }

  @Test
  void theEoiRegisterEndsToo() {
    bench.entry(9, 0x51 | LEVEL);
    bench.entry(10, 0x51 | LEVEL);
    bench.line(9, true);
    bench.line(10, true);
    bench.sent();
    bench.line(10, false);
    bench.context().write(EOIR, 0x52);
    assertEquals(List.of(), bench.sent());
    bench.context().write(EOIR, 0x51);
    assertEquals(List.of("fee00000: c051"), bench.sent(), "that of input 9");
    assertEquals(0x51 | LEVEL, bench.entry(10));
    assertEquals(0, bench.context().read(EOIR), "write-only");
  }

  @Test
  void aMaskedLevelComesWhenItIsUnmasked() {
    bench.entry(9, 0x51 | LEVEL | MASKED);
    bench.line(9, true);
    assertEquals(List.of(), bench.sent());
    bench.entry(9, 0x51 | LEVEL);
    assertEquals(List.of("fee00000: c051"), bench.sent());
    bench.entry(9, 0x51 | LEVEL | MASKED);
    assertEquals(0x51 | LEVEL | MASKED | REMOTE_IRR, bench.entry(9));
    bench.ended(0x51);
    assertEquals(0x51 | LEVEL | MASKED, bench.entry(9), "it ends while it is masked");
    assertEquals(List.of(), bench.sent());
  }

  /** How software ends an interrupt of an I/O APIC without an EOI register. */
  @Test
  void aTurnToEdgeAndBackClearsRemoteIrr() {
    bench.entry(9, 0x51 | LEVEL);
    bench.line(9, true);
    bench.sent();
    bench.entry(9, 0x51 | MASKED);
    bench.entry(9, 0x51 | MASKED | LEVEL);
    assertEquals(0x51 | LEVEL | MASKED, bench.entry(9));
    bench.entry(9, 0x51 | LEVEL);
    assertEquals(List.of("fee00000: c051"), bench.sent());
  }

  @Test
  void linesOfOneInputAreWiredTogether() {
    bench.entry(9, 0x51 | LEVEL);
    bench.line(9, true);
    bench.line(9, true);
    bench.sent();
    bench.line(9, false);
    bench.ended(0x51);
    assertEquals(List.of("fee00000: c051"), bench.sent(), "the other one is still asserted");
    bench.line(9, false);
    bench.ended(0x51);
    assertEquals(List.of(), bench.sent());
  }

  @Test
  void aNonMaskableInterruptIsAnEdgeWhateverTheTriggerMode() {
    bench.entry(2, NMI | LEVEL);
    bench.pulse(2);
    bench.pulse(2);
    assertEquals(List.of("fee00000: 400", "fee00000: 400"), bench.sent());
    assertEquals(NMI | LEVEL, bench.entry(2));
  }

  @Test
  void specifiersNameAnInputAndASense() {
    for (int pin = 0; pin < 24; pin++) {
      assertEquals(pin, bench.context().inputs().input(new int[] {pin, pin & 3}));
    }
    for (int[] wrong : new int[][] {{24, 0}, {-1, 0}, {0, 4}, {0, -1}, {0}, {0, 0, 0}, {}}) {
      assertEquals(-1, bench.context().inputs().input(wrong));
    }
  }

  @Test
  void msiParentSaysWhereMessagesGo() {
    FakeContext context = new FakeContext(IoApicBench.node().cells("msi-parent", 9).build()).beside(IoApicBench.localApics().build(),
        FakeNode.at("/lapic@d0000000").window(0xD000_0000L, 0x10_0000).cells("phandle", 9).build());
    context.create(new IoApicComponent());
    context.write(0x00, REDIRECTION);
    context.write(0x10, 0x51);
    context.inputs().set(0, -1, true);
    assertEquals(0xD000_0000L, context.sentMessages().getFirst().address());
  }

  @Test
  void theNodesOfTheLocalApicsMustBeClear() {
    ModelException none = assertThrows(ModelException.class, () -> new FakeContext(IoApicBench.node().build()).create(
        new IoApicComponent()));
    assertTrue(none.getMessage().contains("/ioapic@fec00000: 0 nodes") && none.getMessage().contains("msi-parent"), none.getMessage());
    FakeNode second = FakeNode.at("/lapic@1").compatible("intel,ce4100-lapic").window(0x1_0000_0000L, 0x10_0000);
    ModelException two = assertThrows(ModelException.class, () -> new FakeContext(IoApicBench.node().build()).beside(IoApicBench
        .localApics()
        .build(), second.build()).create(new IoApicComponent()));
    assertTrue(two.getMessage().contains("2 nodes"), two.getMessage());
    ModelException broken = assertThrows(ModelException.class, () -> new FakeContext(IoApicBench.node().cells("msi-parent", 99).build())
        .create(new IoApicComponent()));
    assertTrue(broken.getMessage().contains("phandle 0x63"), broken.getMessage());
    new FakeContext(IoApicBench.node().cells("msi-parent", IoApicBench.PHANDLE).build()).beside(IoApicBench.localApics().build(),
        second.build()).create(new IoApicComponent());
  }

  @Test
  void handOverKeepsWhatIsOnItsWay() {
    bench.entry(9, 0x51 | LEVEL);
    bench.line(9, true);
    bench.sent();
    bench.handOver();
    assertEquals(List.of(), bench.sent(), "it was sent before");
    assertEquals(0x51 | LEVEL | REMOTE_IRR, bench.entry(9));
    bench.ended(0x51);
    assertEquals(List.of("fee00000: c051"), bench.sent(), "once: the version before has left the port");
    bench.handOver();
    bench.line(9, false);
    bench.ended(0x51);
    assertEquals(List.of(), bench.sent());
  }

  @Test
  void aRemovedOneHearsNoEnds() {
    bench.entry(9, 0x51 | LEVEL);
    bench.line(9, true);
    bench.sent();
    bench.remove();
    bench.ended(0x51);
    assertEquals(List.of(), bench.sent());
  }

  /** All offsets and sizes with any value, while lines change: nothing is thrown. */
  @Test
  void aWildGuestBreaksNothing() {
    Random random = new Random(20);
    for (int i = 0; i < 100_000; i++) {
      int size = 1 << random.nextInt(4);
      int offset = random.nextInt(random.nextBoolean() ? 0x48 : 0x1000) & -size;
      if (random.nextBoolean()) {
        bench.context().write(0, offset, size, random.nextBoolean() ? random.nextLong() : random.nextInt(256));
      } else {
        bench.context().read(0, offset, size);
      }
      bench.line(random.nextInt(24), random.nextBoolean());
      bench.ended(random.nextInt(256));
      bench.context().reportedFaults().clear();
      for (String message : bench.sent()) {
        assertTrue(message.startsWith("fee"), message);
      }
    }
    assertEquals(0, bench.entry(0) & PENDING, "everything was sent");
  }
}
