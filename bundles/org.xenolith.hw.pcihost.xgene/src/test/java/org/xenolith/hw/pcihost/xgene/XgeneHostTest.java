// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeContext.Message;
import org.xenolith.testkit.FakeNode;

class XgeneHostTest {
  private static final long ALL_ONES = 0xFFFF_FFFFL;
  private static final long BUFFER = 0x4000_1000L;

  /** Everything that Debian's kernel does on Mustang, from the clock to a card that works. */
  @Test
  void linuxBringsPortAndCardUp() {
    Mustang board = new Mustang().on().withCard();
    Linux linux = new Linux(board).bringUp();
    assertEquals("(rc) x8 gen-3 link up", linux.link());
    assertEquals(0xE004_10E8L, linux.config(0, 0, 0));
    assertEquals(0x0604_0004L, linux.config(0, 0, 0x08), "a PCI bridge");
    assertEquals(1, linux.config(0, 0, 0x0C) >>> 16 & 0x7F, "header type");
    assertEquals(ALL_ONES, linux.config(1, 0, 0), "no bus numbers yet");
    linux.enumerate();
    assertEquals(Mustang.CARD_IDS & ALL_ONES, linux.config(1, 0, 0));
    assertEquals(ALL_ONES, linux.config(1, 1, 0), "only one card");
    assertEquals(ALL_ONES, linux.config(2, 0, 0), "no bridge behind");
    linux.config(1, 0, 0x10, ALL_ONES);
    assertEquals(0xFFFF_C004L, linux.config(1, 0, 0x10), "BAR of 16 KiB");
    linux.enumerate();

    board.port.writeAt(Mustang.MEMORY + 8, 8, 0x1122_3344_5566_7788L);
    assertEquals(0x1122_3344_5566_7788L, board.port.readAt(Mustang.MEMORY + 8, 8));
    assertEquals(0x1122L, board.port.readAt(Mustang.MEMORY + 14, 2));
    board.port.writeAt(Mustang.IO + 0x40, 4, 0x77);
    assertEquals(0x77, board.port.readAt(Mustang.IO + 0x40, 1), "I/O space is another one");
    assertEquals(0, board.port.readAt(Mustang.MEMORY, 4));
    assertEquals(ALL_ONES, board.port.readAt(Mustang.MEMORY + 0x10_0000, 4), "no BAR there");

    board.endpoint.dma().write(BUFFER, 4, 0xCAFE);
    assertEquals(0xCAFE, board.port.dma().read(BUFFER, 4));
    byte[] bytes = new byte[2];
    board.endpoint.dma().read(BUFFER, bytes, 0, 2);
    assertEquals((byte) 0xFE, bytes[0]);
    assertEquals(List.of(), board.port.reportedFaults());
    assertEquals(List.of(), board.port.reportedEvents());
  }

  @Test
  void messagesOfTheCardGoOutWithItsId() {
    Mustang board = new Mustang().on().withCard();
    Linux linux = new Linux(board).bringUp().enumerate();
    linux.config(1, 0, 0x44, 0x7908_0000L);
    linux.config(1, 0, 0x4C, 5);
    linux.config(1, 0, 0x40, 1 << 16);
    board.endpoint.message(0);
    assertEquals(List.of(new Message(0x100, 0x7908_0000L, 4, 5)), board.port.sentMessages());
  }

  @Test
  void pinsOfTheCardArriveAtThePortsInterrupts() {
    Mustang board = new Mustang().on().withCard();
    new Linux(board).bringUp().enumerate();
    board.endpoint.pin(true);
    assertTrue(board.line(1).level());
    assertFalse(board.line(2).level());
    board.endpoint.pin(false);
    assertFalse(board.line(1).level());
  }

  @Test
  void withoutACardTheLinkIsDown() {
    Mustang board = new Mustang().on();
    Linux linux = new Linux(board).bringUp();
    assertEquals("(rc) link down", linux.link());
    assertEquals(0, linux.config(0, 0, 0x50) >>> 16, "link status");
    board.withCard();
    assertEquals("(rc) x8 gen-3 link up", linux.link());
    assertEquals(0x2083, linux.config(0, 0, 0x50) >>> 16, "8 GT/s, x8, active");
  }

  @Test
  void lanesAndRateAreOptions() {
    Mustang board = new Mustang("lanes", "1", "generation", "2").on().withCard();
    Linux linux = new Linux(board).bringUp();
    assertEquals("(rc) x1 gen-2 link up", linux.link());
    assertEquals(0x12, linux.config(0, 0, 0x4C) & 0x3FF, "link capabilities");
    for (String wrong : List.of("0", "3", "16")) {
      assertThrows(ModelException.class, () -> new Mustang("lanes", wrong).on());
    }
    assertThrows(ModelException.class, () -> new Mustang("generation", "4").on());
  }

  /** Mustang's clock of the port is in the middle of the port's registers. */
  @Test
  void theClocksRegistersAreNotThePorts() {
    Mustang board = new Mustang().on();
    board.gate(true);
    assertEquals(0, board.port.readAt(Mustang.REGISTERS + 0xBFFC, 4));
    assertThrows(AssertionError.class, () -> board.port.readAt(Mustang.REGISTERS + 0xC000, 4), "no window");
    assertThrows(AssertionError.class, () -> board.port.readAt(Mustang.REGISTERS + 0xCFFC, 4), "no window");
    board.port.writeAt(Mustang.REGISTERS + 0xD000, 4, 1);
    assertEquals(List.of(0xBFFCL, 0xD000L), board.port.reportedFaults().stream().map(FakeContext.Fault::offset).toList());
  }

  @Test
  void idsOfTheRootPortAreARegister() {
    Mustang board = new Mustang().on();
    Linux linux = new Linux(board).bringUp();
    linux.csr(Linux.IDS, 0x1234_5678L);
    assertEquals(0x1234_5678L, linux.config(0, 0, 0));
  }

  /** Register and window together: what RTDID holds doesn't concern the root port, and bits 17:16 decide. */
  @Test
  void addressBitsSayWhatTheCycleIs() {
    Mustang board = new Mustang().on().withCard();
    Linux linux = new Linux(board).bringUp().enumerate();
    linux.csr(Linux.RTDID, 0x0100);
    assertEquals(0xE004_10E8L, linux.raw(0, 4));
    assertEquals(Mustang.CARD_IDS & ALL_ONES, linux.raw(0x1_0000, 4));
    assertEquals(ALL_ONES, linux.raw(0x2_0000, 4));
    linux.csr(Linux.RTDID, 0);
    assertEquals(ALL_ONES, linux.raw(0x1_0000, 4), "a cycle of type 1 never is for the root port");
    assertEquals(0xE004_10E8L, linux.raw(0x8000, 4), "as with ECAM, device 8 of the root bus: its ghost");
  }

  /** The tree may have a node for the root port, as IEEE 1275 wants it; cards are below it then. */
  @Test
  void cardsMayBeBelowANodeOfTheRootPort() {
    Mustang board = new Mustang();
    String bridge = Mustang.PORT + "/pci@0,0";
    board.port.beside(FakeNode.at(bridge).cells("reg", 0, 0, 0, 0, 0).property(FdtProperty.ofStrings("device_type", "pci")).build());
    board.on().withCard(bridge);
    Linux linux = new Linux(board).bringUp().enumerate();
    assertEquals(Mustang.CARD_IDS & ALL_ONES, linux.config(1, 0, 0));
  }

  @Test
  void allThreeInboundRegionsTranslate() {
    Mustang board = new Mustang().on().withCard();
    Linux linux = new Linux(board).bringUp().clear().openConfig().enumerate();
    linux.inbound1(0x80_0000_0000L, 0x100_0000);
    linux.csr(0x80, 0x4000_0000L);
    linux.csr(0x84, 0xF000_0000L);
    linux.inbound2(0x1000_0000L, 0x10_0000);
    linux.csr(0xA0, 0x4010_0000L);
    linux.csr(0xA4, 0xF000_0000L);
    linux.inbound3(0x20_0000_0000L, 0x20_0000);
    linux.csr(0xC4, 0x4020_0000L);
    linux.csr(0xC8, 0xF000_0000L);
    board.endpoint.dma().write(0x80_0000_1000L, 4, 1);
    board.endpoint.dma().write(0x1000_1000L, 4, 2);
    board.endpoint.dma().write(0x20_0000_1000L, 4, 3);
    assertEquals(1, board.port.dma().read(0x4000_1000L, 4));
    assertEquals(2, board.port.dma().read(0x4010_1000L, 4));
    assertEquals(3, board.port.dma().read(0x4020_1000L, 4));
    assertThrows(ExternalAbort.class, () -> board.endpoint.dma().write(0x1010_0000L, 4, 4), "behind region 2");
    assertThrows(ExternalAbort.class, () -> board.endpoint.dma().write(0x1_1000_1000L, 4, 4), "region 2 has 32 bits");
    assertThrows(ExternalAbort.class, () -> board.endpoint.dma().write(0x4000_1000L, 4, 4), "in none");
    assertThrows(ExternalAbort.class, () -> board.endpoint.dma().read(0x100F_FFF0L, new byte[32], 0, 32), "over the end of region 2");
    assertEquals(4, board.events("inbound-refused"));
  }

  @Test
  void restoredInTheMiddleThePortGoesOn() {
    Mustang board = new Mustang().on().withCard();
    Linux linux = new Linux(board).bringUp().enumerate();
    board.port.writeAt(Mustang.MEMORY, 4, 0x5A5A);
    linux.csr(Linux.RTDID, 0x0100);
    board.endpoint.pin(true);
    StateRecord saved = board.model.state().save();
    FakeContext next = board.port.successor();
    DeviceModel successor = next.create(new XgeneHostComponent());
    linux.use(next);
    assertEquals("(rc) x8 gen-3 link up", linux.link());
    assertEquals(ALL_ONES, linux.raw(0x1_0000, 4), "reset");
    successor.state().restore(saved);
    successor.restored();
    assertEquals(Mustang.CARD_IDS & ALL_ONES, linux.raw(0x1_0000, 4));
    assertEquals(0x5A5A, next.readAt(Mustang.MEMORY, 4));
    board.endpoint.dma().write(BUFFER, 4, 7);
    assertEquals(7, next.dma().read(BUFFER, 4));
    assertTrue(board.line(1).level());
    board.endpoint.pin(false);
    assertFalse(board.line(1).level());
    assertEquals(saved, successor.state().save());
  }

  @Test
  void nothingPassesAPortThatIsGone() {
    Mustang board = new Mustang().on().withCard();
    new Linux(board).bringUp().enumerate();
    board.model.removed();
    assertThrows(ExternalAbort.class, () -> board.endpoint.dma().write(BUFFER, 4, 7));
    board.endpoint.pin(true);
    assertFalse(board.line(1).level());
  }

  @Test
  void nodesThatSayTooLittleAreRefused() {
    FakeContext nameless = new FakeContext(FakeNode.at("/pcie").window(0, 0x1_0000).window(0x10_0000, 0x4_0000).build());
    assertTrue(assertThrows(ModelException.class, () -> nameless.create(new XgeneHostComponent())).getMessage().contains("reg-names"));
    FakeContext empty = new FakeContext(FakeNode.at("/pcie").window(0, 0x1_0000).window(0x10_0000, 0x4_0000).flag("reg-names").build());
    assertTrue(assertThrows(ModelException.class, () -> empty.create(new XgeneHostComponent())).getMessage().contains("reg-names"));
    FakeContext clockless = new FakeContext(FakeNode.at("/pcie").window(0, 0x1_0000).window(0x10_0000, 0x4_0000)
        .property(FdtProperty.ofStrings("reg-names", "csr", "cfg")).build());
    assertTrue(assertThrows(ModelException.class, () -> clockless.create(new XgeneHostComponent())).getMessage().contains(
        "clock-gate=false"));
  }
}
