// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.GuestView;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.a64.GuestCount;
import org.xenolith.testkit.a64.RandomGuest;

/**
 * Whatever a guest is made of, it never gets out of {@code run}, never hangs, and comes to the same state however its
 * execution is cut, saved, restored or handed to another engine. {@code -Dxenolith.guests=N} and
 * {@code -Dxenolith.firstGuest=SEED} run others.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class RandomGuestTest {
  private static final int PARTS = 4;
  private static final int LENGTH = 300;

  /** LDXR X1, [X20]; NOP; NOP; STXR W2, X3, [X20]; CBNZ W2, . + 12; ADD X3, X3, #1; STR X3, [X21], #8. */
  private static final int[] EXCLUSIVE = {0xC85F_7E81, 0xD503_201F, 0xD503_201F, 0xC802_7E83, 0x3500_0062, 0x9100_0463, 0xF800_86A3};

  private interface Way extends BiConsumer<RandomGuest, Random> {}

  /** Random words seldom make a pair of exclusive accesses: here all words do, and what they come to depends on each. */
  private static final class Exclusive implements RandomGuest.Shape {
    @Override
    public void program(Ram ram, Random random) {
      for (int at = 0; at < 1 << 16; at += 4) {
        ram.write(at, 4, EXCLUSIVE[at / 4 % EXCLUSIVE.length]);
      }
    }

    @Override
    public void registers(Cpu cpu, Random random) {
      cpu.el = 1;
      cpu.spsel = 1;
      cpu.sys[SysReg.SCTLR_EL1.ordinal()] &= ~1L;
      cpu.sys[SysReg.HCR_EL2.ordinal()] &= ~0x1001L;
      cpu.x[20] = 0x4006_0000L;
      cpu.x[21] = 0x4007_0000L;
      cpu.restored();
    }
  }

  @Test
  void guestsAreDeterministicHoweverTheyAreExecuted() {
    long first = Long.getLong("xenolith.firstGuest", 1);
    int guests = GuestCount.of(60);
    long executed = 0;
    Set<Integer> pages = new TreeSet<>();
    for (long seed = first; seed < first + guests; seed++) {
      String whole = outcome(seed, "whole", (guest, cut) -> {}, false);
      assertEquals(whole, outcome(seed, "cut", (guest, cut) -> {}, true), "cut, seed " + seed);
      assertEquals(whole, outcome(seed, "exchanged", (guest, cut) -> guest.exchangeEngine(), true), "exchanged, seed " + seed);
      assertEquals(whole, outcome(seed, "restored", (guest, cut) -> guest.restore(), true), "restored, seed " + seed);
      pages.add(pages(seed));
      executed += PARTS * LENGTH * 4L;
    }
    if (guests >= 60) {
      assertTrue(pages.containsAll(Set.of(0, 1, 2)), "encodings of TG0 of guests that begin in translated code: " + pages);
    }
    System.out.println("random guests: seeds " + first + " to " + (first + guests - 1) + ", " + executed + " instructions");
  }

  @Test
  void exclusivePairsAreNotTornHoweverTheyAreExecuted() {
    RandomGuest.Shape pairs = new Exclusive();
    for (long seed = 1; seed <= 10; seed++) {
      String whole = outcome(seed, "whole", pairs, (guest, cut) -> {}, false);
      assertEquals(whole, outcome(seed, "cut", pairs, (guest, cut) -> {}, true), "cut, seed " + seed);
      assertEquals(whole, outcome(seed, "exchanged", pairs, (guest, cut) -> guest.exchangeEngine(), true), "exchanged, seed " + seed);
      assertEquals(whole, outcome(seed, "restored", pairs, (guest, cut) -> guest.restore(), true), "restored, seed " + seed);
    }
  }

  /** TCR_EL1.TG0 if the guest begins at EL0 or EL1 with its MMU on and executes from what that maps; else 0. */
  private static int pages(long seed) {
    Cpu cpu = new RandomGuest(seed, RandomGuest.Shape.NONE, Interpreter::on).cpu();
    boolean translated = cpu.el <= 1 && (cpu.sys[SysReg.SCTLR_EL1.ordinal()] & 1) != 0
        && new GuestView(cpu).physical(cpu.pc, cpu.el) == cpu.pc;
    return translated ? (int) (cpu.sys[SysReg.TCR_EL1.ordinal()] >>> 14) & 3 : 0;
  }

  private static String outcome(long seed, String name, Way between, boolean cuts) {
    return outcome(seed, name, RandomGuest.Shape.NONE, between, cuts);
  }

  private static String outcome(long seed, String name, RandomGuest.Shape shape, Way between, boolean cuts) {
    RandomGuest guest = new RandomGuest(seed, shape, Interpreter::on);
    Random signals = new Random(seed);
    Random cut = new Random(seed + 1);
    StringBuilder text = new StringBuilder();
    try {
      for (int part = 1; part <= PARTS; part++) {
        if (cuts) {
          guest.runTo(part * LENGTH - 1 - cut.nextInt(LENGTH - 1), cut);
          between.accept(guest, cut);
        }
        guest.runTo((long) part * LENGTH, cuts ? cut : null);
        text.append("part ").append(part).append(": PC ").append(Long.toHexString(guest.cpu().pc)).append(" EL").append(guest.cpu().el)
            .append(" device ").append(guest.deviceDigest()).append('\n');
        between.accept(guest, cut);
        guest.signals(signals.nextInt(16) & signals.nextInt(16));
      }
    } catch (RuntimeException e) {
      throw new AssertionError(name + ", seed " + seed + ", PC 0x" + Long.toHexString(guest.cpu().pc), e);
    }
    return text + "memory " + guest.memoryDigest() + '\n' + state(guest);
  }

  /** Every value; of long arrays a digest. */
  private static String state(RandomGuest guest) {
    Map<String, Object> values = new TreeMap<>(guest.cpu().state().save().values());
    StringBuilder text = new StringBuilder();
    values.forEach((name, value) -> text.append(name).append(' ').append(value instanceof long[] array
        ? Integer.toHexString(java.util.Arrays.hashCode(array)) : value instanceof Long number ? Long.toHexString(number)
        : value).append('\n'));
    return text.toString();
  }
}
