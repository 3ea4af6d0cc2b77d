// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DeviceMessagesPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.MessageShares;
import org.xenolith.hyp.api.MessageSharesPort;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.hyp.FakeDomain;

class GuestMessagesTest {
  private static final int RID = 0x100;
  private static final long FRAME = 0x0808_0000L;
  private static final long BAR0 = PciBoard.GUEST_MEMORY;
  private static final long TABLE = BAR0 + 0x2000;
  private static final long PENDING = BAR0 + 0x3000;
  private static final long HOST_TABLE = PciBoard.CPU + (1 << 20) + 0x2000;
  private static final long HOST_PENDING = HOST_TABLE + 0x1000;

  private final PciBoard board = new PciBoard();
  private CardFunction card;
  private FakeDomain guest;

  @BeforeEach
  void give() {
    card = board.card(RID, 1);
    guest = board.guest(2);
    hardware(HOST_TABLE + 12, 0);
    assertEquals(0, board.give(RID, guest, 0));
    board.config(guest, 0, 0x10, 4, BAR0);
    board.config(guest, 0, 0x18, 4, BAR0 + 0x8000);
    board.config(guest, 0, 4, 2, 6);
  }

  @Test
  void messageToTheOwnDoorbellIsEnabled() {
    msi(PciBoard.DOORBELL, 7);
    board.config(guest, 0, CardFunction.MSI + 2, 2, 1);
    assertEquals((int) PciBoard.DOORBELL, card.now(CardFunction.MSI + 4));
    assertEquals(7, card.now(CardFunction.MSI + 12));
    assertEquals(0x181, card.now(CardFunction.MSI + 2));
    assertEquals(0x181, board.config(guest, 0, CardFunction.MSI + 2, 2));
    assertEquals(0x0406, board.config(guest, 0, 4, 2), "INTx is off while messages are on");
    board.config(guest, 0, CardFunction.MSI + 16, 4, 1);
    assertEquals(1, card.now(CardFunction.MSI + 16));
    board.config(guest, 0, CardFunction.MSI + 2, 2, 0);
    assertEquals(0x180, card.now(CardFunction.MSI + 2));
    assertEquals(0x0006, board.config(guest, 0, 4, 2));
    assertEquals(List.of(), board.events());
  }

  @Test
  void messageElsewhereIsNotEnabled() {
    msi(0x4000_0000L, 7);
    board.config(guest, 0, CardFunction.MSI + 2, 2, 1);
    assertEquals(0x180, card.now(CardFunction.MSI + 2));
    assertEquals(0, card.now(CardFunction.MSI + 4));
    refused("MSI to 0x40000000");
    board.config(guest, 0, CardFunction.MSI + 4, 4, PciBoard.DOORBELL);
    assertEquals(0x181, card.now(CardFunction.MSI + 2));
    board.config(guest, 0, CardFunction.MSI + 8, 4, 1);
    assertEquals(0x180, card.now(CardFunction.MSI + 2));
    refused("MSI to 0x108090040");
  }

  @Test
  void withoutAnItsNothingIsEnabled() {
    DeviceMessagesPort port = board.hypervisor.port(DeviceMessagesPort.class);
    port.detach(port.provider());
    msi(PciBoard.DOORBELL, 7);
    board.config(guest, 0, CardFunction.MSI + 2, 2, 1);
    assertEquals(0x180, card.now(CardFunction.MSI + 2));
    refused("MSI");
  }

  @Test
  void withoutAnItsTheShareOfAMessageFrameIsTheDoorbell() {
    DeviceMessagesPort port = board.hypervisor.port(DeviceMessagesPort.class);
    port.detach(port.provider());
    board.hypervisor.port(MessageSharesPort.class).attach(new Share(guest, new MessageShares.Frame(new AddressWindow(FRAME, 0x1000), 128,
        16)),
        board.hypervisor.context("pcihost"));
    msi(FRAME, 130);
    board.config(guest, 0, CardFunction.MSI + 2, 2, 1);
    refused("expected the doorbell 0x%x".formatted(FRAME + 0x40));
    msi(FRAME + 0x40, 130);
    assertEquals(0x181, card.now(CardFunction.MSI + 2));
    assertEquals(130, card.now(CardFunction.MSI + 12));
    board.write(guest, TABLE, 8, FRAME + 0x40);
    board.write(guest, TABLE + 8, 8, 131);
    assertEquals(131, hardware(HOST_TABLE + 8));
    assertEquals(0, hardware(HOST_TABLE + 12));
  }

  /** What the guest writes isn't what X-Gene's controller takes. */
  @Test
  void theHardwareIsToldWhereTheMachineTakesMessages() {
    DeviceMessagesPort port = board.hypervisor.port(DeviceMessagesPort.class);
    port.detach(port.provider());
    board.hypervisor.port(MessageSharesPort.class).attach(
        new Share(guest, new MessageShares.Frame(new AddressWindow(FRAME, 0x1000), 128, 16, FRAME + 0x2000, 0)), board.hypervisor.context(
            "pcihost"));
    msi(FRAME + 0x40, 130);
    board.config(guest, 0, CardFunction.MSI + 2, 2, 1);
    assertEquals(FRAME + 0x2000, card.now(CardFunction.MSI + 4));
    assertEquals(2, card.now(CardFunction.MSI + 12));
    assertEquals(FRAME + 0x40, board.config(guest, 0, CardFunction.MSI + 4, 4), "the guest reads what it wrote");
    assertEquals(130, board.config(guest, 0, CardFunction.MSI + 12, 2));
    board.write(guest, TABLE, 8, FRAME + 0x40);
    board.write(guest, TABLE + 8, 8, 143);
    assertEquals(FRAME + 0x2000, hardware(HOST_TABLE));
    assertEquals(15, hardware(HOST_TABLE + 8));
    assertEquals(0, hardware(HOST_TABLE + 12));
    assertEquals(List.of(), board.events());
    board.write(guest, TABLE + 8, 4, 144);
    assertEquals(1, hardware(HOST_TABLE + 12));
    refused("it leads to 0x8080040 with 144, expected the doorbell 0x8080040 and 128 to 143");
    msi(FRAME + 0x40, 127);
    assertEquals(0x180, card.now(CardFunction.MSI + 2));
    refused("MSI to 0x8080040 with 127");
  }

  private record Share(Domain guest, Frame frame) implements MessageShares {
    @Override
    public boolean covers(HostBridgePort bridge, int rid) {
      return true;
    }

    @Override
    public Frame share(Domain domain) {
      return facts(domain);
    }

    @Override
    public Frame facts(Domain domain) {
      return domain == guest ? frame : null;
    }

    @Override
    public List<Integer> kept() {
      return List.of();
    }
  }

  @Test
  void tableBeginsMaskedWhateverTheHardwareHad() {
    assertEquals(1, hardware(HOST_TABLE + 12));
    assertEquals(1, board.read(guest, TABLE + 12, 4));
    assertEquals(0, board.read(guest, TABLE, 8));
  }

  @Test
  void entryToTheOwnDoorbellReachesTheHardware() {
    board.config(guest, 0, CardFunction.MSIX + 2, 2, 0x8000);
    assertEquals(0x8003, card.now(CardFunction.MSIX + 2));
    board.write(guest, TABLE + 16, 4, PciBoard.DOORBELL);
    board.write(guest, TABLE + 20, 4, 0);
    board.write(guest, TABLE + 24, 4, 5);
    board.write(guest, TABLE + 28, 4, 0);
    assertEquals((int) PciBoard.DOORBELL, hardware(HOST_TABLE + 16));
    assertEquals(5, hardware(HOST_TABLE + 24));
    assertEquals(0, hardware(HOST_TABLE + 28));
    assertEquals(5, board.read(guest, TABLE + 24, 8));
    assertEquals(5, board.read(guest, TABLE + 24, 1));
    assertEquals(List.of(), board.events());
  }

  @Test
  void entryOfTwoWideStoresReachesTheHardware() {
    board.write(guest, TABLE, 8, PciBoard.DOORBELL);
    board.write(guest, TABLE + 8, 8, 3);
    assertEquals((int) PciBoard.DOORBELL, hardware(HOST_TABLE));
    assertEquals(3, hardware(HOST_TABLE + 8));
    assertEquals(0, hardware(HOST_TABLE + 12));
  }

  @Test
  void entryElsewhereStaysMasked() {
    board.write(guest, TABLE, 8, 0x4000_0000L);
    board.write(guest, TABLE + 8, 8, 3);
    assertEquals(0, hardware(HOST_TABLE));
    assertEquals(1, hardware(HOST_TABLE + 12));
    refused("entry 0");
    assertEquals(0, board.read(guest, TABLE + 12, 4), "the guest reads what it wrote");
    board.write(guest, TABLE, 8, PciBoard.DOORBELL);
    assertEquals(0, hardware(HOST_TABLE + 12));
    board.write(guest, TABLE + 4, 4, 1);
    assertEquals(1, hardware(HOST_TABLE + 12));
    refused("0x108090040");
  }

  @Test
  void narrowStoresInTheTableAreRefused() {
    board.write(guest, TABLE + 12, 1, 0);
    assertEquals(1, hardware(HOST_TABLE + 12));
    refused("1 bytes");
  }

  @Test
  void restOfThosePagesIsTheHardwares() {
    hardware(HOST_PENDING, 0x5A);
    assertEquals(0x5A, board.read(guest, PENDING, 8));
    board.write(guest, PENDING, 8, 0);
    assertEquals(0x5A, hardware(HOST_PENDING), "pending bits are read-only");
    board.write(guest, TABLE + 0x800, 4, 77);
    assertEquals(77, hardware(HOST_TABLE + 0x800));
    board.write(guest, PENDING + 0x801, 1, 9);
    assertEquals(9, board.read(guest, PENDING + 0x801, 1));
    assertEquals(0xFFFF_FFFFL, board.read(guest, PENDING + 2, 4), "not aligned");
  }

  @Test
  void functionMaskAndEnablePass() {
    board.config(guest, 0, CardFunction.MSIX + 3, 1, 0xC0);
    assertEquals(0xC003, card.now(CardFunction.MSIX + 2));
    assertEquals(0xC003, board.config(guest, 0, CardFunction.MSIX + 2, 2));
    board.config(guest, 0, CardFunction.MSIX + 4, 4, -1);
    assertEquals(0x2000, card.now(CardFunction.MSIX + 4));
  }

  @Test
  void resetMasksAll() {
    entryToTheOwnDoorbellReachesTheHardware();
    board.config(guest, 0, CardFunction.EXPRESS + 8, 2, 0x8000);
    board.config(guest, 0, 0x10, 4, BAR0);
    board.config(guest, 0, 4, 2, 2);
    assertEquals(1, hardware(HOST_TABLE + 28));
    assertEquals(1, board.read(guest, TABLE + 28, 4));
    assertEquals(3, board.config(guest, 0, CardFunction.MSIX + 2, 2));
  }

  private void msi(long address, int data) {
    board.config(guest, 0, CardFunction.MSI + 4, 4, address);
    board.config(guest, 0, CardFunction.MSI + 8, 4, address >>> 32);
    board.config(guest, 0, CardFunction.MSI + 12, 2, data);
  }

  private int hardware(long address) {
    return board.hypervisor.memory().read32(address);
  }

  private void hardware(long address, int value) {
    board.hypervisor.memory().write32(address, value);
  }

  private void refused(String part) {
    assertEquals("pci-refused", board.events().getLast().kind());
    assertTrue(board.events().getLast().text().contains(part), board.events()::toString);
  }
}
