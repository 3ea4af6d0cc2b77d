package org.xenolith.hyp.vpci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.vpci.Policy.ConfigAccess;
import org.xenolith.hyp.vpci.Policy.Hide;
import org.xenolith.hyp.vpci.Policy.Mmio;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;

class HardwareDomainTest {
  private static final int RID = 0x08;
  private static final long HOST0 = PciBoard.CPU + (1 << 20);
  private static final AddressWindow ECAM = new AddressWindow(PciBoard.ECAM, 1 << 20);
  private static final AddressWindow APERTURE = new AddressWindow(PciBoard.CPU, PciBoard.APERTURE);

  private PciBoard board;
  private CardFunction card;

  @Test void freeKeepsNothingBack() {
    board(ConfigAccess.FREE, Hide.ABSENT, Mmio.AHEAD);
    assertEquals(List.of(), board.vpci.withheld());
    assertNull(board.at(board.dom0, PciBoard.ECAM));
  }

  @Test void trapKeepsConfigurationBack() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.AHEAD);
    assertEquals(List.of(ECAM), board.vpci.withheld());
    assertNotNull(board.at(board.dom0, PciBoard.ECAM + 0xF_FFFF));
    assertNull(board.at(board.dom0, PciBoard.ECAM + 0x10_0000));
    assertNull(board.at(board.dom0, HOST0));
    assertNull(board.at(board.guest(2), PciBoard.ECAM), "a guest has its own");
  }

  @Test void functionsThatNobodyRegisteredPass() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.AHEAD);
    assertEquals(0x1008_1AF4L, read(0, 4));
    write(0x10, 4, -1);
    assertEquals(0xFFFF_C004L, read(0x10, 4));
    assertEquals(0xFFFF_FFFFL, board.config(board.dom0, RID + 1, 0, 4));
    assertEquals(0xFFFF_FFFFL, read(2, 4), "not aligned");
  }

  @Test void barsMoveWhileTheDecoderIsOff() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.AHEAD);
    board.give(RID, board.dom0, 0);
    write(0x10, 4, -1);
    assertEquals(0xFFFF_C004L, read(0x10, 4), "sizing");
    write(0x10, 4, PciBoard.BUS);
    write(4, 2, 6);
    assertEquals(6, card.now(4) & 0xFFFF);
    write(0x10, 4, PciBoard.BUS + 0x10000);
    assertEquals((int) PciBoard.BUS + 4, card.now(0x10));
    refused("decoder");
    write(0x3C, 1, 33);
    assertEquals(33, card.now(0x3C) & 0xFF, "the rest passes");
  }

  @Test void protectedBarsStayFromRegistrationOn() {
    board(ConfigAccess.PROTECT_BARS, Hide.ABSENT, Mmio.AHEAD);
    assertEquals(List.of(ECAM), board.vpci.withheld());
    write(0x10, 4, PciBoard.BUS);
    assertEquals((int) PciBoard.BUS + 4, card.now(0x10));
    board.give(RID, board.dom0, 0);
    write(0x10, 4, PciBoard.BUS + 0x10000);
    assertEquals((int) PciBoard.BUS + 4, card.now(0x10));
    refused("protected");
  }

  @Test void bridgesPass() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.AHEAD);
    card.put(0xC, 0x1_0000);
    card.put(0x4, 6);
    board.give(RID, board.dom0, 0);
    write(0x18, 4, 0x0001_1000);
    assertEquals(0x0001_1000, card.now(0x18));
  }

  @Test void anothersFunctionIsAbsent() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.AHEAD);
    board.give(RID, board.guest(2), 0);
    board.known.clear();
    int accesses = card.accesses;
    assertEquals(0xFFFF_FFFFL, read(0, 4));
    write(4, 2, 7);
    assertEquals(accesses, card.accesses);
    refused("another domain's");
  }

  @Test void quarantinedFunctionIsAbsent() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.AHEAD);
    board.known.put(RID, new PciFunction(RID, board.host(), 0, RID, true));
    assertEquals(0xFFFF_FFFFL, read(0, 4));
  }

  @Test void anothersFunctionIsVisibleIfItMayBe() {
    board(ConfigAccess.TRAP, Hide.VISIBLE, Mmio.AHEAD);
    board.give(RID, board.guest(2), 0);
    assertEquals(0x1008_1AF4L, read(0, 4));
    assertEquals(0x0200, read(0xA, 2));
    assertEquals(0, read(0xE, 1));
    assertEquals(0, read(0x10, 4));
    assertEquals(0, read(0x34, 4));
    write(0x10, 4, -1);
    assertEquals((int) PciBoard.BUS + (1 << 20) + 4, card.now(0x10));
  }

  @Test void pagesGoFromTheHardwareDomainAndComeBack() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.AHEAD);
    board.hypervisor.p2m().map(board.dom0, PciBoard.CPU >>> 12, PciBoard.CPU >>> 12, PciBoard.APERTURE >>> 12, PageType.DEVICE);
    PciFunction mine = board.function(RID, board.dom0, 0);
    assertEquals(0, board.vpci.plug(mine, board.dom0));
    assertEquals(PageType.DEVICE, board.type(board.dom0, HOST0));
    board.vpci.unplug(mine);
    FakeDomain guest = board.guest(2);
    board.give(RID, guest, 0);
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0));
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0 + 0x3000));
    assertEquals(PageType.DEVICE, board.type(board.dom0, HOST0 + 0x4000));
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0 + 0x8000));
    board.vpci.unplug(board.known.get(RID));
    assertEquals(PageType.DEVICE, board.type(board.dom0, HOST0));
    assertEquals(PageType.DEVICE, board.type(board.dom0, HOST0 + 0x8000));
    assertEquals(0, board.vpci.plug(board.function(RID, board.dom0, 0), board.dom0));
    assertEquals(0x1008_1AF4L, read(0, 4));
  }

  @Test void decodeMapsWithTheDecoder() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.DECODE);
    assertEquals(List.of(ECAM, APERTURE), board.vpci.withheld());
    board.give(RID, board.dom0, 0);
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0));
    write(4, 2, 2);
    assertEquals(PageType.DEVICE, board.type(board.dom0, HOST0));
    assertEquals(PageType.DEVICE, board.type(board.dom0, HOST0 + 0x3000));
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0 + 0x4000));
    assertEquals(2, card.now(4) & 0xFFFF, "sizing put the decoder back");
    write(4, 2, 0);
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0));
    write(0x10, 4, PciBoard.BUS + (9 << 20));
    write(4, 2, 2);
    assertEquals(PageType.DEVICE, board.type(board.dom0, PciBoard.CPU + (9 << 20)), "where it is now");
    board.vpci.unplug(board.known.get(RID));
    assertEquals(PageType.NONE, board.type(board.dom0, PciBoard.CPU + (9 << 20)));
    assertEquals(0, card.now(4) & 7);
  }

  @Test void decodeMapsWhatIsOnAlreadyAndTheRomWhenItIsEnabled() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.DECODE);
    card.write(4, 2, 2);
    board.give(RID, board.dom0, 0);
    assertEquals(PageType.DEVICE, board.type(board.dom0, HOST0));
    assertEquals(PageType.NONE, board.type(board.dom0, PciBoard.CPU + (2 << 20)));
    write(0x30, 4, PciBoard.BUS + (2 << 20) | 1);
    assertEquals(PageType.DEVICE, board.type(board.dom0, PciBoard.CPU + (2 << 20)));
    assertEquals(PageType.DEVICE, board.type(board.dom0, HOST0));
  }

  @Test void whereNothingDecodesReadsAllOnes() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.DECODE);
    assertEquals(0xFFFF_FFFFL, board.read(board.dom0, HOST0, 4));
    refused("no function");
    board.write(board.dom0, HOST0, 4, 1);
    assertEquals(0, board.hypervisor.memory().read32(HOST0));
  }

  @Test void faultMapsAtTheFirstAccess() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.FAULT);
    board.give(RID, board.dom0, 0);
    write(4, 2, 2);
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0));
    board.write(board.dom0, HOST0 + 0x1008, 4, 42);
    assertEquals(42, board.hypervisor.memory().read32(HOST0 + 0x1008), "that access was made, too");
    assertEquals(PageType.DEVICE, board.type(board.dom0, HOST0));
    write(4, 2, 0);
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0));
  }

  @Test void barOverAGuestsIsNotMapped() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.DECODE);
    board.give(RID, board.guest(2), 0);
    CardFunction other = board.card(0x10, 4);
    board.give(0x10, board.dom0, 0);
    board.config(board.dom0, 0x10, 0x10, 4, PciBoard.BUS + (1 << 20));
    board.config(board.dom0, 0x10, 4, 2, 2);
    assertEquals(2, other.now(4) & 2);
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0));
    refused("another domain's BAR");
  }

  @Test void decodeKeepsAFunctionOfAGuestOut() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.FAULT);
    board.give(RID, board.dom0, 0);
    write(4, 2, 2);
    board.read(board.dom0, HOST0, 4);
    board.give(RID, board.guest(2), 0);
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0));
    assertEquals(0xFFFF_FFFFL, board.read(board.dom0, HOST0, 4));
  }

  @Test void optionsAreChecked() {
    assertMessage("config-access=open: expected one of free, protect-bars, trap", "config-access", "open");
    assertMessage("hide=no", "hide", "no");
    assertMessage("mmio=hypercall", "mmio", "hypercall");
    FakeNode node = FakeNode.at("/hyp").option("config-access", "free").option("mmio", "decode");
    assertTrue(assertThrows(ModelException.class, () -> make(node)).getMessage().contains("mmio=ahead"));
  }

  private static void assertMessage(String part, String option, String value) {
    String message = assertThrows(ModelException.class, () -> make(FakeNode.at("/hyp").option(option, value))).getMessage();
    assertTrue(message.contains(part), message);
  }

  private static void make(FakeNode node) {
    new FakeContext(node.build()).create(new VirtualPciComponent());
  }

  private void board(ConfigAccess access, Hide hide, Mmio mmio) {
    board = new PciBoard(new Policy(access, hide, mmio));
    card = board.card(RID, 1);
  }

  private long read(int register, int size) {
    return board.config(board.dom0, RID, register, size);
  }

  private void write(int register, int size, long value) {
    board.config(board.dom0, RID, register, size, value);
  }

  private void refused(String part) {
    assertEquals("pci-refused", board.events().getLast().kind());
    assertTrue(board.events().getLast().text().contains(part), board.events()::toString);
  }
}
