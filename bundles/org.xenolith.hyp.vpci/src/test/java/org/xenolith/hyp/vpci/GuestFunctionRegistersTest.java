// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.FieldText;
import org.xenolith.regs.RegisterWords;
import org.xenolith.testkit.hyp.FakeDomain;

/** Who looks is shown what a guest's function has of its own. */
class GuestFunctionRegistersTest {
  private static final int RID = 0x100;
  private static final long TABLE = PciBoard.GUEST_MEMORY + 0x2000;
  private static final String FUNCTION = RID + "/";

  private final PciBoard board = new PciBoard();

  private Map<String, Long> shown() {
    Map<String, Long> shown = new HashMap<>();
    board.model.state().visitRegisters((window, register, value, stored) -> {
      assertNotEquals(RegisterWords.UNSAID, register.words(), register::name);
      shown.put(window + "." + register.name(), value);
    });
    return shown;
  }

  @Test
  void aFunctionIsShownAsItsGuestHasIt() {
    CardFunction card = board.card(RID, 1);
    FakeDomain guest = board.guest(2);
    assertEquals(0, board.give(RID, guest, 0));
    board.config(guest, 0, 0x10, 4, PciBoard.GUEST_MEMORY);
    board.config(guest, 0, 0x18, 4, PciBoard.GUEST_MEMORY + 0x8000);
    board.config(guest, 0, 4, 2, 6);
    board.config(guest, 0, 0x3C, 1, 42);
    board.config(guest, 0, CardFunction.MSI + 4, 4, PciBoard.DOORBELL);
    board.config(guest, 0, CardFunction.MSI + 8, 4, 1);
    board.config(guest, 0, CardFunction.MSI + 12, 2, 7);
    board.write(guest, TABLE + 16, 4, PciBoard.DOORBELL);
    board.write(guest, TABLE + 24, 4, 5);
    int before = card.now(CardFunction.MSI + 4);
    Map<String, Long> shown = shown();
    assertEquals(before, card.now(CardFunction.MSI + 4));
    assertEquals(board.config(guest, 0, 0x10, 4) & 0xFFFF_FFFFL, shown.get(FUNCTION + "config.BAR0"));
    assertEquals(2, shown.get(FUNCTION + "config.Command"), "bus mastering is the hardware's");
    assertEquals(42, shown.get(FUNCTION + "config.Interrupt Line"));
    assertEquals(PciBoard.DOORBELL, shown.get(FUNCTION + "msi.Message Address"));
    assertEquals(1, shown.get(FUNCTION + "msi.Message Upper Address"));
    assertEquals(7, shown.get(FUNCTION + "msi.Message Data"));
    assertEquals(1, shown.get(FUNCTION + "msix.Vector Control 0"));
    assertEquals(PciBoard.DOORBELL, shown.get(FUNCTION + "msix.Message Address 1"));
    assertEquals(5, shown.get(FUNCTION + "msix.Message Data 1"));
    assertEquals(Optional.of(OptionalLong.of(5)), board.model.state().stored(FUNCTION + "msix", "Message Data 1", 24));
    assertEquals(Set.of(), Set.copyOf(FieldText.beside(GuestFunctionRegisters.class).unknown(shown.keySet().stream().map(each -> each
        .replaceFirst(
            ".*\\.", "")).toList())));
  }

  @Test
  void functionsOfNobodyShowNothing() {
    board.card(RID, 1);
    assertEquals(Map.of(), shown());
  }
}
