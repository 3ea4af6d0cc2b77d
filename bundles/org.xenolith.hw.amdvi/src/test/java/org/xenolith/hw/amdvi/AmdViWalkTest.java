// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.amdvi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;

/** The walk beside another one that is written by the specification's sizes, without shifts. */
class AmdViWalkTest {
  private static final int ROUNDS = 12_000;
  private static final int TABLES = 6;
  private static final int ACCESSES = 8;
  private final DmaPort memory = new FakeContext(FakeNode.at("/m").build()).dma();

  @Test
  void bothWalksAgreeOverRandomTables() {
    Random random = new Random(3);
    int[] ends = new int[4];
    int large = 0;
    int skipped = 0;
    for (int round = 0; round < ROUNDS; round++) {
      int levels = 1 + random.nextInt(6);
      long[] addresses = new long[ACCESSES];
      for (int i = 0; i < ACCESSES; i++) {
        addresses[i] = address(random, levels);
        fill(random, levels, addresses[i]);
      }
      for (long address : addresses) {
        AmdViWalk walk = new AmdViWalk(memory);
        AmdViWalk.End end = walk.walk(FakeMemory.BASE, levels, address);
        Reference other = new Reference();
        String where = "round " + round + ", " + levels + " levels, 0x" + Long.toHexString(address);
        assertEquals(other.walk(levels, address), end, where);
        ends[end.ordinal()]++;
        if (end == AmdViWalk.End.PAGE) {
          assertEquals(Long.toHexString(other.output), Long.toHexString(walk.output()), where);
          assertEquals(other.readable ? 1 : 0, walk.permissions() & 1, where);
          assertEquals(other.writable ? 2 : 0, walk.permissions() & 2, where);
          assertEquals(other.size, BigInteger.ONE.shiftLeft(walk.shift()), where);
          large += walk.shift() > 12 ? 1 : 0;
          skipped += other.skipped ? 1 : 0;
        }
      }
    }
    for (AmdViWalk.End end : AmdViWalk.End.values()) {
      assertTrue(ends[end.ordinal()] > 300, end + ": " + ends[end.ordinal()]);
    }
    assertTrue(large > 3000 && skipped > 500, large + " large pages, " + skipped + " with skipped levels");
  }

  /** Zero in some of the places that levels index, as skipping needs it. */
  private static long address(Random random, int levels) {
    long address = random.nextLong();
    for (int level = 1; level <= 6; level++) {
      if (level > levels && random.nextInt(16) != 0 || random.nextInt(3) == 0) {
        address &= ~(0x1FFL << 12 + 9 * (level - 1));
      }
    }
    return address;
  }

  /** What an address may lead to in any table. */
  private void fill(Random random, int levels, long address) {
    for (int table = 0; table < TABLES; table++) {
      for (int level = 1; level <= levels; level++) {
        int next = random.nextInt(4) == 0 ? random.nextInt(8) : Math.max(0, level - 1 - (random.nextInt(4) == 0 ? random.nextInt(3) : 0));
        long to = next == 0 || next == 7 ? random.nextLong() & 0xF_FFFF_FFFF_F000L : FakeMemory.BASE + random.nextInt(TABLES) * 4096L;
        if (next == 7) {
          int ones = Math.min(38, 9 * (level - 1) + random.nextInt(10));
          to = to & -(1L << 13 + ones) | (1L << ones) - 1 << 12;
        }
        if (random.nextInt(40) == 0) {
          to = 0x1000;
        }
        long entry = to & 0xF_FFFF_FFFF_F000L | next << 9 | (random.nextInt(20) == 0 ? 0 : 1)
            | (random.nextInt(5) == 0 ? 0 : 1L << 61) | (random.nextInt(5) == 0 ? 0 : 1L << 62);
        memory.write(FakeMemory.BASE + table * 4096L + (address >>> 12 + 9 * (level - 1) & 0x1FF) * 8, 8, entry);
      }
    }
  }

  /** By division: what an entry of a level covers is a power of 512 pages. */
  private final class Reference {
    private static final BigInteger ENTRIES = BigInteger.valueOf(512);
    private static final BigInteger PAGE = BigInteger.valueOf(4096);
    private static final BigInteger BYTES = BigInteger.ONE.shiftLeft(64);
    private long output;
    private boolean readable = true;
    private boolean writable = true;
    private boolean skipped;
    private BigInteger size;

    AmdViWalk.End walk(int levels, long address) {
      BigInteger whole = new BigInteger(Long.toUnsignedString(address));
      BigInteger covered = levels == 6 ? BYTES : PAGE.multiply(ENTRIES.pow(levels));
      return whole.compareTo(covered) >= 0 ? AmdViWalk.End.NOTHING : step(FakeMemory.BASE, levels, whole);
    }

    private AmdViWalk.End step(long table, int level, BigInteger offset) {
      BigInteger each = PAGE.multiply(ENTRIES.pow(level - 1));
      BigInteger[] indexAndRest = offset.divideAndRemainder(each);
      long entry;
      try {
        entry = memory.read(table + 8 * indexAndRest[0].longValueExact(), 8);
      } catch (ExternalAbort nobody) {
        return AmdViWalk.End.UNREADABLE;
      }
      String bits = String.format("%64s", Long.toBinaryString(entry)).replace(' ', '0');
      if (bit(bits, 0) == 0) {
        return AmdViWalk.End.NOTHING;
      }
      readable &= bit(bits, 61) == 1;
      writable &= bit(bits, 62) == 1;
      int next = bit(bits, 9) + 2 * bit(bits, 10) + 4 * bit(bits, 11);
      BigInteger address = new BigInteger(bits.substring(63 - 51, 63 - 11), 2).multiply(PAGE);
      if (next == 0 || next == 7) {
        BigInteger covers = each;
        if (next == 7) {
          covers = PAGE.multiply(BigInteger.TWO);
          for (int at = 12; bit(bits, at) == 1; at++) {
            covers = covers.multiply(BigInteger.TWO);
          }
          if (covers.compareTo(each) <= 0 || covers.compareTo(each.multiply(ENTRIES)) >= 0) {
            return AmdViWalk.End.ILLEGAL;
          }
        }
        size = covers;
        output = address.subtract(address.mod(covers)).add(offset.mod(covers)).longValue();
        return AmdViWalk.End.PAGE;
      }
      if (next >= level) {
        return AmdViWalk.End.ILLEGAL;
      }
      skipped |= next < level - 1;
      return indexAndRest[1].compareTo(PAGE.multiply(ENTRIES.pow(next))) >= 0 ? AmdViWalk.End.NOTHING
          : step(address.longValue(), next, indexAndRest[1]);
    }

    private static int bit(String bits, int number) {
      return bits.charAt(63 - number) - '0';
    }
  }
}
