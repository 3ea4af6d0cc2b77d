// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.MessageTranslation;
import org.xenolith.hyp.api.MessageTranslationPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.vpci.Policy.ConfigAccess;
import org.xenolith.hyp.vpci.Policy.Hide;
import org.xenolith.hyp.vpci.Policy.Mmio;
import org.xenolith.testkit.hyp.FakeDomain;

/** What a guest has where messages are translated: a bridge in the hole below 4 GiB, and messages of the machine's for its own. */
class TranslatedGuestTest {
  private static final int RID = 0x08;
  private static final long ECAM = 0xE000_0000L;
  private static final long BAR0 = 0xC000_0000L;
  private static final long HOST_TABLE = PciBoard.CPU + (1 << 20) + 0x2000;
  private static final long WANTED = 0xFEE0_0000L;
  private static final long MACHINES = 0xFEE0_4000L;

  private final PciBoard board = new PciBoard(new Policy(ConfigAccess.TRAP, Hide.ABSENT, Mmio.DECODE, true));
  private final List<String> asked = new ArrayList<>();
  private CardFunction card;
  private FakeDomain guest;

  @BeforeEach
  void give() {
    board.hypervisor.port(MessageTranslationPort.class).attach(new MessageTranslation() {
      @Override
      public Message give(int sbdf, int number, Domain domain, long address, int data) {
        asked.add("%x.%d d%d %x %x".formatted(sbdf, number, domain.id(), address, data));
        return address >>> 20 == 0xFEE ? new Message(MACHINES, 0x40 + number) : null;
      }

      @Override
      public void take(int sbdf) {
        asked.add("take %x".formatted(sbdf));
      }
    }, board.hypervisor.context("pcihost"));
    card = board.card(RID, 1);
    guest = board.guest(2);
    assertEquals(0, board.give(RID, guest, 0));
    config(0x10, 4, BAR0);
    config(0x18, 4, BAR0 + 0x8000);
    config(4, 2, 6);
    asked.clear();
  }

  private void config(int register, int size, long value) {
    board.write(guest, ECAM + register, size, value);
  }

  @Test
  void itsBridgeIsInTheHole() {
    assertEquals(0x1008_1AF4L, board.read(guest, ECAM, 4));
    assertEquals(PageType.DEVICE, board.type(guest, BAR0));
    assertNull(board.at(guest, PciBoard.GUEST_ECAM), "not where Arm's is");
    assertNull(board.at(guest, ECAM + 0x10_0000), "one bus");
  }

  @Test
  void itsMsiIsOneOfTheMachines() {
    config(CardFunction.MSI + 4, 4, WANTED);
    config(CardFunction.MSI + 12, 2, 0x31);
    config(CardFunction.MSI + 2, 2, 1);
    assertTrue(asked.contains("8.0 d2 fee00000 31"), asked::toString);
    assertEquals((int) MACHINES, card.now(CardFunction.MSI + 4));
    assertEquals(0x40, card.now(CardFunction.MSI + 12));
    assertEquals(WANTED, board.read(guest, ECAM + CardFunction.MSI + 4, 4), "it sees its own");
    config(CardFunction.MSI + 4, 4, 0x1000);
    assertEquals(0x180, card.now(CardFunction.MSI + 2), "memory is no message");
  }

  @Test
  void itsTableHasTheMachines() {
    config(CardFunction.MSIX + 2, 2, 0x8000);
    board.write(guest, BAR0 + 0x2010, 4, WANTED);
    board.write(guest, BAR0 + 0x2018, 4, 0x55);
    board.write(guest, BAR0 + 0x201C, 4, 0);
    assertTrue(asked.contains("8.1 d2 fee00000 55"), asked::toString);
    assertEquals((int) MACHINES, board.hypervisor.memory().read32(HOST_TABLE + 16));
    assertEquals(0x41, board.hypervisor.memory().read32(HOST_TABLE + 24));
    assertEquals(0, board.hypervisor.memory().read32(HOST_TABLE + 28));
  }

  @Test
  void noneIsItsWhenTheFunctionGoesOrIsReset() {
    board.vpci.reset(board.known.get(RID));
    assertEquals(List.of("take 8"), asked);
    asked.clear();
    board.vpci.unplug(board.known.get(RID));
    assertTrue(asked.contains("take 8"), asked::toString);
  }
}
