// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gic.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.regs.DeviceState;

class InterruptBanksTest {
  private static final int CPUS = 2;

  /** Shared interrupts go to CPU 1. */
  private static final class Banks extends InterruptBanks {
    Banks() {
      super(new DeviceState(), CPUS, CPUS, 96);
      control.value = 3;
      for (int id = SPI; id < lines; id++) {
        goes(id, 1, true);
      }
    }

    Banks declared() {
      declarePriorities(new DeviceState());
      return this;
    }
  }

  private final Banks banks = new Banks().declared();

  private void enable(int cpu, int id, int priority) {
    int bank = banks.bank(cpu, id);
    banks.enabled[bank] |= 1 << id;
    banks.setPriority(bank, id, priority);
  }

  @Test
  void theHighestPriorityComesFirstAndOfEqualsTheLowestNumber() {
    enable(1, 40, 0x80);
    enable(1, 70, 0x80);
    enable(1, 20, 0xA0);
    banks.input(0, 70, true);
    assertEquals(70, banks.highest(1));
    banks.input(0, 40, true);
    banks.input(1, 20, true);
    assertEquals(40, banks.highest(1));
    assertEquals(InterruptBanks.SPURIOUS, banks.highest(0));
    banks.active[banks.bank(0, 40)] |= 1 << 40;
    banks.active[banks.bank(0, 70)] |= 1 << 70;
    assertEquals(20, banks.highest(1));
    banks.deactivate(0, 70);
    assertEquals(70, banks.highest(1));
  }

  @Test
  void onlyForwardedGroupsCount() {
    enable(1, 40, 0x80);
    banks.input(0, 40, true);
    banks.control.value = 2;
    assertEquals(InterruptBanks.SPURIOUS, banks.highest(1));
    banks.group[banks.bank(0, 40)] |= 1 << 40;
    assertEquals(40, banks.highest(1));
    assertTrue(banks.isGroup1(1, 40));
  }

  @Test
  void anEdgeIsLatchedALevelIsNot() {
    banks.edge[banks.bank(0, 40)] = 1 << 40;
    banks.input(0, 40, true);
    banks.input(0, 40, false);
    banks.input(0, 41, true);
    banks.input(0, 41, false);
    assertEquals(1 << 40, banks.pending(banks.bank(0, 40)));
  }

  @Test
  void anInputThatWasHighIsPendingOnceItIsNoEdge() {
    enable(1, 40, 0x80);
    int bank = banks.bank(0, 40);
    banks.edge[bank] = 1 << 40;
    banks.input(0, 40, true);
    banks.unlatch(bank, 1 << 40);
    assertEquals(InterruptBanks.SPURIOUS, banks.highest(1));
    banks.edge[bank] = 0;
    assertEquals(40, banks.highest(1));
  }

  @Test
  void whatIsLatchedAgainIsForwardedAgain() {
    enable(1, 40, 0x80);
    int bank = banks.bank(0, 40);
    for (int i = 0; i < 2; i++) {
      banks.latch(bank, 1 << 40);
      assertEquals(40, banks.highest(1));
      banks.unlatch(bank, 1 << 40);
      assertEquals(InterruptBanks.SPURIOUS, banks.highest(1));
    }
  }

  @Test
  void oneWireDrivesThePrivateInputsOfAll() {
    assertTrue(banks.drive(20, -1, true));
    assertEquals(1 << 20, banks.pending(0) & banks.pending(1));
    assertFalse(banks.drive(20, 1, false));
    assertEquals(1 << 20, banks.pending(0) ^ banks.pending(1));
    assertTrue(banks.drive(33, -1, true));
    assertEquals(2, banks.pending(banks.bank(0, 33)));
  }

  @Test
  void specifiersNameSharedAndPrivateInterrupts() {
    assertEquals(37, banks.specified(new int[] {0, 5, 4}));
    assertEquals(27, banks.specified(new int[] {1, 11, 4}));
    assertEquals(-1, banks.specified(new int[] {0, 64, 4}));
    assertEquals(-1, banks.specified(new int[] {1, 16, 4}));
    assertEquals(-1, banks.specified(new int[] {2, 1, 4}));
    assertEquals(-1, banks.specified(new int[] {0}));
  }
}
