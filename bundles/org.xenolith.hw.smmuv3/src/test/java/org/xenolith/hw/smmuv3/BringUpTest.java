// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.ModelException;

class BringUpTest {
  private static final long MESSAGES = 0x808_0040;

  /** What Linux reads before it uses an SMMUv3, and what it wants of it. */
  @Test
  void identificationIsWhatDriversLookFor() {
    Rig rig = new Rig();
    long idr0 = rig.read(Rig.IDR0);
    assertEquals(3, idr0 & 3, "both stages");
    assertEquals(2, idr0 >> 2 & 3, "AArch64 tables");
    assertEquals(1, idr0 >> 4 & 1, "coherent");
    assertEquals(1, idr0 >> 12 & 1, "16-bit ASIDs");
    assertEquals(1, idr0 >> 13 & 1, "messages");
    assertEquals(0, idr0 >> 16 & 1, "no page requests");
    assertEquals(1, idr0 >> 18 & 1, "16-bit VMIDs");
    assertEquals(2, idr0 >> 21 & 3, "little-endian");
    assertEquals(1, idr0 >> 24 & 3, "no stalls");
    assertEquals(1, idr0 >> 27 & 3, "two-level stream tables");
    long idr1 = rig.read(Rig.IDR1);
    assertEquals(16, idr1 & 0x3F, "StreamIDs");
    assertEquals(0, idr1 >> 29, "nothing preset");
    assertTrue((idr1 >> 21 & 0x1F) > 6, "Linux gives up with queues that don't hold a batch of 64 commands");
    assertEquals(5, rig.read(Rig.IDR5) & 7, "48 bits");
    assertEquals(7, rig.read(Rig.IDR5) >> 4 & 7, "three granules");
  }

  /** The order of arm_smmu_device_reset and arm_smmu_setup_irqs of Linux 6.1, with a sync that polls a message in memory. */
  @Test
  void startsInTheOrderOfLinux() {
    Rig rig = new Rig();
    assertEquals(0, rig.read(Rig.CR0));
    rig.write(Rig.CR0, 0);
    assertEquals(0, rig.read(Rig.CR0ACK));
    rig.write(Rig.CR1, 0xD75);
    rig.write(Rig.CR2, 6);
    rig.write64(Rig.STRTAB_BASE, Rig.STREAMS | 1L << 62);
    rig.write(Rig.STRTAB_BASE_CFG, Rig.STREAM_BITS);
    rig.write64(Rig.CMDQ_BASE, Rig.COMMANDS | 1L << 62 | Rig.QUEUE);
    rig.write(Rig.CMDQ_PROD, 0);
    rig.write(Rig.CMDQ_CONS, 0);
    rig.write(Rig.CR0, 8);
    assertEquals(8, rig.read(Rig.CR0ACK));
    rig.command(Rig.CFGI_ALL, 31);
    rig.command(Rig.SYNC | 1 << 12 | 3 << 22 | 0xFL << 24, Rig.COMMANDS + 0x10);
    assertEquals(0, rig.memory().read(Rig.COMMANDS + 0x10, 4), "the command in memory became the message");
    rig.command(0x20, 0);
    rig.command(Rig.NSNH_ALL, 0);
    rig.command(Rig.SYNC, 0);
    assertEquals(rig.read(Rig.CMDQ_PROD), rig.read(Rig.CMDQ_CONS));
    rig.write64(Rig.EVENTQ_BASE, Rig.EVENTS | 1L << 62 | Rig.QUEUE);
    rig.write(Rig.EVENTQ_PROD, 0);
    rig.write(Rig.EVENTQ_CONS, 0);
    rig.write(Rig.CR0, 0xC);
    assertEquals(0xC, rig.read(Rig.CR0ACK));
    rig.write(Rig.IRQ_CTRL, 0);
    assertEquals(0, rig.read(Rig.IRQ_CTRLACK));
    rig.write64(Rig.GERROR_IRQ_CFG0, 0);
    rig.write64(Rig.EVENTQ_IRQ_CFG0, 0);
    rig.write(Rig.IRQ_CTRL, 5);
    assertEquals(5, rig.read(Rig.IRQ_CTRLACK));
    rig.write(Rig.CR0, 0xD);
    assertEquals(0xD, rig.read(Rig.CR0ACK));
    assertEquals(0, rig.read(Rig.GERROR));
    assertEquals(List.of(), rig.context().reportedFaults());
  }

  @Test
  void whileItIsOffTheBypassRegisterDecides() {
    Rig rig = new Rig();
    rig.passes(7, 0x1234_5678, true, 0x1234_5678);
    rig.refused(7, 1L << 48, false);
    rig.write(Rig.GBPA, 1 << 20);
    rig.passes(7, 0x1000, false, 0x1000);
    rig.write(Rig.GBPA, 1 << 20 | 1L << 31);
    assertEquals(1 << 20, rig.read(Rig.GBPA), "updated at once");
    rig.refused(7, 0x1000, false);
    rig.write(Rig.GBPA, 0x1000 | 1L << 31);
    rig.passes(7, 0x1000, false, 0x1000);
  }

  @Test
  void whatIsInUseCannotBeChanged() {
    Rig rig = new Rig().start();
    rig.write64(Rig.STRTAB_BASE, 0);
    rig.write(Rig.STRTAB_BASE_CFG, 0);
    rig.write64(Rig.CMDQ_BASE, 0);
    rig.write(Rig.CMDQ_CONS, 5);
    rig.write64(Rig.CMDQ_PROD, 5L << 32);
    rig.write64(Rig.EVENTQ_BASE, 0);
    rig.write(Rig.EVENTQ_PROD, 5);
    rig.write(Rig.CR2, 0);
    assertEquals(Rig.STREAMS, rig.context().read(0, Rig.STRTAB_BASE, 8));
    assertEquals(Rig.STREAM_BITS, rig.read(Rig.STRTAB_BASE_CFG));
    assertEquals(Rig.COMMANDS | Rig.QUEUE, rig.context().read(0, Rig.CMDQ_BASE, 8));
    assertEquals(0, rig.read(Rig.CMDQ_CONS));
    assertEquals(Rig.EVENTS | Rig.QUEUE, rig.context().read(0, Rig.EVENTQ_BASE, 8));
    assertEquals(0, rig.read(Rig.EVENTQ_PROD));
    assertEquals(2, rig.read(Rig.CR2));
  }

  @Test
  void wiresAreFoundByName() {
    Rig rig = new Rig().start();
    rig.oneEvent();
    rig.command(Rig.SYNC | 1 << 12, 0);
    rig.command(0xFF, 0);
    assertEquals(1, rig.eventLine().risingEdges());
    assertEquals(0, rig.context().interrupt(1).risingEdges(), "priq");
    assertEquals(1, rig.syncLine().risingEdges());
    assertEquals(1, rig.errorLine().risingEdges());
    assertEquals(false, rig.errorLine().level(), "an edge");
  }

  @Test
  void combinedWireIsOfAll() {
    Rig rig = new Rig(Rig.bare().interrupt("/intc", 0, 9, 1).property(FdtProperty.ofStrings("interrupt-names", "combined"))).start();
    rig.oneEvent();
    rig.command(Rig.SYNC | 1 << 12, 0);
    rig.command(0xFF, 0);
    assertEquals(3, rig.context().interrupt(0).risingEdges());
  }

  @Test
  void twoRegistersAreWrittenByOneWideAccess() {
    Rig rig = new Rig();
    rig.write64(Rig.CR1, 5L << 32 | 0xABC);
    assertEquals(0xABC, rig.read(Rig.CR1));
    assertEquals(5, rig.read(Rig.CR2));
  }

  @Test
  void messagesAreNotChangedWhileTheyMayBeSent() {
    Rig rig = new Rig();
    for (int[] register : new int[][] {{Rig.EVENTQ_IRQ_CFG0, 4}, {Rig.EVENTQ_IRQ_CFG1, 4}, {Rig.GERROR_IRQ_CFG0, 1}, {Rig.GERROR_IRQ_CFG1,
        1}}) {
      rig.write(Rig.IRQ_CTRL, register[1]);
      rig.write(register[0], 0x40);
      assertEquals(0, rig.read(register[0]));
      rig.write(Rig.IRQ_CTRL, 5 & ~register[1]);
      rig.write(register[0], 0x40);
      assertEquals(0x40, rig.read(register[0]));
    }
  }

  @Test
  void withoutWiresNothingBreaks() {
    Rig rig = new Rig(Rig.bare()).start();
    rig.oneEvent();
    rig.command(0xFF, 0);
    assertEquals(1, rig.read(Rig.GERROR));
  }

  @Test
  void namesThatAreNoNamesNameNoWire() {
    for (byte[] none : new byte[][] {{}, {'e', 'v', 'e', 'n', 't', 'q'}, {0, 0}}) {
      Rig rig = new Rig(Rig.bare().interrupt("/intc", 0, 74, 1).property(new FdtProperty("interrupt-names", none))).start();
      rig.oneEvent();
      rig.command(0xFF, 0);
      assertEquals(1, rig.read(Rig.GERROR));
      assertEquals(0, rig.eventLine().risingEdges());
    }
  }

  @Test
  void moreNamesThanInterruptsAreRefused() {
    assertThrows(ModelException.class, () -> new Rig(Rig.bare().property(FdtProperty.ofStrings("interrupt-names", "eventq"))));
  }

  @Test
  void messagesTakeThePlaceOfWires() {
    Rig rig = new Rig();
    rig.write64(Rig.EVENTQ_IRQ_CFG0, MESSAGES);
    rig.write(Rig.EVENTQ_IRQ_CFG1, 11);
    rig.write64(Rig.GERROR_IRQ_CFG0, MESSAGES);
    rig.write(Rig.GERROR_IRQ_CFG1, 12);
    rig.start();
    rig.oneEvent();
    rig.command(Rig.SYNC | 1 << 12 | 13L << 32, MESSAGES);
    rig.command(0xFF, 0);
    assertEquals(List.of(11L, 13L, 12L), rig.context().sentMessages().stream().map(m -> m.value()).toList());
    assertTrue(rig.context().sentMessages().stream().allMatch(m -> m.address() == MESSAGES && m.size() == 4 && m.requester() == 0));
    assertEquals(0, rig.eventLine().risingEdges() + rig.syncLine().risingEdges() + rig.errorLine().risingEdges());
  }

  @Test
  void nothingInterruptsUnlessEnabled() {
    Rig rig = new Rig().start();
    rig.write(Rig.IRQ_CTRL, 0);
    rig.oneEvent();
    rig.command(0xFF, 0);
    assertEquals(0, rig.eventLine().risingEdges() + rig.errorLine().risingEdges());
    assertEquals(1, rig.events());
    assertEquals(1, rig.read(Rig.GERROR));
  }
}
