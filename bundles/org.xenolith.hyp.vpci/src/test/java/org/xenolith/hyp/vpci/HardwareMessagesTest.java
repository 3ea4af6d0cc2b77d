// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.MessageTranslation;
import org.xenolith.hyp.api.MessageTranslationPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.vpci.Policy.ConfigAccess;
import org.xenolith.hyp.vpci.Policy.Hide;
import org.xenolith.hyp.vpci.Policy.Mmio;

/** What the hardware domain has of MSI and MSI-X where messages are translated. */
class HardwareMessagesTest {
  private static final int RID = 0x08;
  private static final long BAR0 = PciBoard.CPU + (1 << 20);
  private static final long TABLE = BAR0 + 0x2000;
  private static final long WANTED = 0xFEE0_2000L;
  private static final long MACHINES = 0xFEE0_0000L;

  private final PciBoard board = new PciBoard(new Policy(ConfigAccess.TRAP, Hide.ABSENT, Mmio.DECODE, true));
  private final Translation translation = new Translation();
  private CardFunction card;

  /** Gives vectors from 0x40 on. */
  private static final class Translation implements MessageTranslation {
    final Map<Integer, String> given = new TreeMap<>();
    final List<Integer> taken = new ArrayList<>();

    @Override
    public Message give(int sbdf, int number, Domain domain, long address, int data) {
      if (address >>> 20 != 0xFEE) {
        return null;
      }
      given.put(number, "%x %x %x".formatted(sbdf, address, data));
      return new Message(MACHINES, 0x40 + number);
    }

    @Override
    public void take(int sbdf) {
      taken.add(sbdf);
      given.clear();
    }
  }

  @BeforeEach
  void give() {
    board.hypervisor.port(MessageTranslationPort.class).attach(translation, board.hypervisor.context("pcihost"));
    card = board.card(RID, 1);
    // What somebody else left there: messages that aren't masked.
    for (int i = 0; i < CardFunction.ENTRIES; i++) {
      hardware(TABLE + 16 * i, 0xFEE0_1000);
      hardware(TABLE + 16 * i + 12, 0);
    }
    assertEquals(0, board.give(RID, board.dom0, 0));
    config(4, 2, 6);
  }

  private void config(int register, int size, long value) {
    board.config(board.dom0, RID, register, size, value);
  }

  private long config(int register, int size) {
    return board.config(board.dom0, RID, register, size);
  }

  private long hardware(long address) {
    return board.hypervisor.memory().read32(address);
  }

  private void hardware(long address, int value) {
    board.hypervisor.memory().write32(address, value);
  }

  @Test
  void domainSeesItsOwnMessageAndTheHardwareHasTheMachines() {
    config(CardFunction.MSI + 4, 4, WANTED);
    config(CardFunction.MSI + 8, 4, 0);
    config(CardFunction.MSI + 12, 2, 0x31);
    assertEquals(0x180, card.now(CardFunction.MSI + 2), "nothing before it is enabled");
    config(CardFunction.MSI + 2, 2, 1);
    assertEquals(Map.of(0, "8 fee02000 31"), translation.given);
    assertEquals((int) MACHINES, card.now(CardFunction.MSI + 4));
    assertEquals(0x40, card.now(CardFunction.MSI + 12));
    assertEquals(0x181, card.now(CardFunction.MSI + 2));
    assertEquals(WANTED, config(CardFunction.MSI + 4, 4));
    assertEquals(0x31, config(CardFunction.MSI + 12, 2));
    assertEquals(0x181, config(CardFunction.MSI + 2, 2));
    config(CardFunction.MSI + 12, 2, 0x32);
    assertEquals(Map.of(0, "8 fee02000 32"), translation.given, "another vector of the domain's");
    config(CardFunction.MSI + 2, 2, 0);
    assertEquals(0x180, card.now(CardFunction.MSI + 2));
  }

  @Test
  void vectorsOfTheMachineAreNoNeighboursSoThereIsOneMessage() {
    card.put(CardFunction.MSI, 0x018A_0005 | CardFunction.EXPRESS << 8);
    assertEquals(0x180, config(CardFunction.MSI + 2, 2), "32 messages become one");
    config(CardFunction.MSI + 4, 4, WANTED);
    config(CardFunction.MSI + 12, 2, 0x31);
    config(CardFunction.MSI + 2, 2, 0x21);
    assertEquals(0x01, card.now(CardFunction.MSI + 2) & 0x71);
  }

  @Test
  void messageToNoInterruptControllerIsNotEnabled() {
    config(CardFunction.MSI + 4, 4, 0x1000);
    config(CardFunction.MSI + 2, 2, 1);
    assertEquals(0x180, card.now(CardFunction.MSI + 2));
    assertTrue(board.events().stream().anyMatch(event -> event.toString().contains("MSI to 0x1000")), board.events().toString());
  }

  @Test
  void tableIsTrappedAndTheRestOfItsBarMapped() {
    assertEquals(PageType.DEVICE, board.type(board.dom0, BAR0));
    assertEquals(PageType.DEVICE, board.type(board.dom0, BAR0 + 0x1000));
    assertEquals(PageType.NONE, board.type(board.dom0, TABLE));
    assertEquals(PageType.NONE, board.type(board.dom0, TABLE + 0x1000), "pending bits");
    assertEquals(PageType.DEVICE, board.type(board.dom0, BAR0 + 0x8000));
    for (int i = 0; i < CardFunction.ENTRIES; i++) {
      assertEquals(1, board.read(board.dom0, TABLE + 16 * i + 12, 4), "masked");
    }
    board.write(board.dom0, TABLE + 16, 8, WANTED);
    board.write(board.dom0, TABLE + 24, 4, 0x51);
    board.write(board.dom0, TABLE + 28, 4, 0);
    assertEquals(Map.of(1, "8 fee02000 51"), translation.given);
    assertEquals(MACHINES, hardware(TABLE + 16) & 0xFFFF_FFFFL);
    assertEquals(0x41, hardware(TABLE + 24));
    assertEquals(0, hardware(TABLE + 28));
    assertEquals(WANTED, board.read(board.dom0, TABLE + 16, 8));
    assertEquals(0x51, board.read(board.dom0, TABLE + 24, 4));
    assertEquals(1, hardware(TABLE + 12), "its neighbour is masked");
    config(CardFunction.MSIX + 2, 2, 0x8000);
    assertEquals(0x8003, card.now(CardFunction.MSIX + 2) & 0xFFFF);
  }

  @Test
  void decoderThatTurnsOffTakesItAllAway() {
    config(4, 2, 0);
    assertEquals(PageType.NONE, board.type(board.dom0, BAR0));
    assertEquals(0xFFFF_FFFFL, board.read(board.dom0, TABLE + 12, 4));
    config(4, 2, 6);
    assertEquals(1, board.read(board.dom0, TABLE + 12, 4));
    assertEquals(PageType.DEVICE, board.type(board.dom0, BAR0));
  }

  @Test
  void messagesGoWithTheFunction() {
    config(CardFunction.MSI + 4, 4, WANTED);
    config(CardFunction.MSI + 12, 2, 0x31);
    config(CardFunction.MSI + 2, 2, 1);
    board.vpci.unplug(board.known.get(RID));
    assertEquals(List.of(RID), translation.taken);
    assertEquals(0x180, card.now(CardFunction.MSI + 2));
    assertNull(board.at(board.dom0, TABLE) == null ? null : hardwareOnly());
  }

  /** Nothing is covered there but the bridge's window, where nothing decodes. */
  private String hardwareOnly() {
    return board.read(board.dom0, TABLE + 12, 4) == 0xFFFF_FFFFL ? null : "something answers";
  }

  @Test
  void resetForgetsThem() {
    config(CardFunction.MSI + 4, 4, WANTED);
    config(CardFunction.MSI + 12, 2, 0x31);
    config(CardFunction.MSI + 2, 2, 1);
    board.vpci.reset(board.known.get(RID));
    assertEquals(List.of(RID), translation.taken);
    assertEquals(0, config(CardFunction.MSI + 12, 2));
  }

  @Test
  void anotherVersionHasWhatTheFormerHad() {
    config(CardFunction.MSI + 4, 4, WANTED);
    config(CardFunction.MSI + 12, 2, 0x31);
    board.write(board.dom0, TABLE + 16, 8, WANTED);
    board.hypervisor.replace(PciBoard.ROLE, PciBoard.subsystem(new Policy(ConfigAccess.TRAP, Hide.ABSENT, Mmio.DECODE, true)));
    assertEquals(WANTED, board.read(board.dom0, TABLE + 16, 8));
    assertEquals(WANTED, config(CardFunction.MSI + 4, 4));
    config(CardFunction.MSI + 2, 2, 1);
    assertEquals(0x40, card.now(CardFunction.MSI + 12));
  }
}
