// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.vpci.Policy.ConfigAccess;
import org.xenolith.hyp.vpci.Policy.Hide;
import org.xenolith.hyp.vpci.Policy.Mmio;

/**
 * Whatever the hardware domain of a PC writes to COMMAND, BARs and ROM of its functions, its stage 2 has what they decode, and nothing else: beside what is worked out anew after each write from the
 * hardware's registers alone.
 */
class HardwareMappingTest {
  private static final int STEPS = 100_000;
  private static final int[] RIDS = {0x08, 0x10, 0x18};
  private static final int[] REGISTERS = {0x04, 0x10, 0x14, 0x18, 0x30};
  private static final long LARGE = 0x4000;
  private static final long SMALL = 0x1000;
  private static final long ROM = 0x10000;
  /** Of the larger BAR: the message table and the pending bits. */
  private static final long TRAPPED = 0x2000;

  private final Random random = new Random(20);
  private final PciBoard board = new PciBoard(new Policy(ConfigAccess.TRAP, Hide.ABSENT, Mmio.DECODE, true));

  private static void add(Set<Long> frames, long bus, long size, long trapped) {
    long offset = bus - PciBoard.BUS;
    if (offset >= 0 && offset <= PciBoard.APERTURE - size) {
      for (long at = 0; at < size && at < trapped; at += 0x1000) {
        frames.add(PciBoard.CPU + offset + at >>> 12);
      }
    }
  }

  private Set<Long> expected() {
    Set<Long> frames = new TreeSet<>();
    for (int rid : RIDS) {
      CardFunction card = board.cards.get(rid);
      if ((card.now(4) & 2) != 0) {
        add(frames, (long) card.now(0x14) << 32 | card.now(0x10) & 0xFFFF_FFF0L, LARGE, TRAPPED);
        add(frames, card.now(0x18) & 0xFFFF_FFF0L, SMALL, SMALL);
        if ((card.now(0x30) & 1) != 0) {
          add(frames, card.now(0x30) & 0xFFFF_F800L, ROM, ROM);
        }
      }
    }
    return frames;
  }

  private long value(int register) {
    long bus = PciBoard.BUS + (random.nextInt(64) << 13);
    return switch (register) {
      case 0x04 -> random.nextInt(8);
      case 0x14 -> random.nextInt(8) == 0 ? 1 : 0;
      case 0x30 -> PciBoard.BUS + (random.nextInt(8) << 16) | random.nextInt(2);
      default -> random.nextInt(16) == 0 ? random.nextInt() & 0xFFFF_FFFFL : bus;
    };
  }

  @Test
  void stageTwoHasWhatFunctionsDecode() {
    for (int rid : RIDS) {
      board.card(rid, rid >> 3);
      assertEquals(0, board.give(rid, board.dom0, 0));
    }
    int mapped = 0;
    int changes = 0;
    Set<Long> before = Set.of();
    for (int step = 0; step < STEPS; step++) {
      int register = REGISTERS[random.nextInt(REGISTERS.length)];
      int size = register == 4 ? 2 : random.nextInt(8) == 0 ? 1 << random.nextInt(2) : 4;
      board.config(board.dom0, RIDS[random.nextInt(RIDS.length)], register, size, value(register) & Header.none(size));
      Set<Long> now = expected();
      assertEquals(now, new TreeSet<>(board.p2m.devices(board.dom0).keySet()), "step " + step);
      mapped += now.isEmpty() ? 0 : 1;
      changes += now.equals(before) ? 0 : 1;
      before = now;
    }
    assertTrue(mapped > STEPS / 2 && changes > STEPS / 20, mapped + " steps with something mapped, " + changes + " changes");
  }
}
