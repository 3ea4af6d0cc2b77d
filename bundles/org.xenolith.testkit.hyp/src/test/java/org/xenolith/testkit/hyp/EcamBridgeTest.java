// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.PciConfiguration;
import org.xenolith.hyp.pci.kit.EcamBridge;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.FakeNode;

/** An ECAM with any number of address bits for a function, and a window that is larger or smaller than the node's buses. */
class EcamBridgeTest {
  private static final long BASE = 0x8880_0000_0000L;
  private static final int ROUNDS = 400;
  private static final int ACCESSES = 200;

  private final List<String> wrong = new ArrayList<>();
  private AddressWindow window;
  private int shift;
  private int first;
  private int last;
  private int cycles;
  private long reached;

  private final PhysicalBus hardware = new PhysicalBus() {
    private void check(long address, int size) {
      cycles++;
      reached = address;
      long offset = address - window.base();
      if (offset < 0 || offset + size > window.size()) {
        wrong.add("shift " + shift + ": 0x" + Long.toHexString(address) + " isn't in " + window);
      }
    }

    @Override
    public long read(long address, int size) {
      check(address, size);
      return 0;
    }

    @Override
    public void write(long address, int size, long value) {
      check(address, size);
    }
  };

  private final PciConfiguration seen = new PciConfiguration() {
    private void check(int rid, int register, int size) {
      cycles++;
      if (rid >> 8 < first || rid >> 8 > last || register < 0 || register + size > Math.min(4096, 1L << shift - 8)) {
        wrong.add("shift " + shift + ", buses " + first + ".." + last + ": register 0x" + Integer.toHexString(register) + " of 0x"
            + Integer.toHexString(rid));
      }
    }

    @Override
    public int read(int rid, int register, int size) {
      check(rid, register, size);
      return 0;
    }

    @Override
    public void write(int rid, int register, int size, int value) {
      check(rid, register, size);
    }
  };

  private EcamBridge bridge(int bits, int from, int to, long size) {
    shift = bits;
    first = from;
    last = (int) Math.min(to, from + (size >>> bits) - 1);
    window = new AddressWindow(BASE, size);
    return new EcamBridge(FakeNode.at("/pcie").window(BASE, size).cells("bus-range", from, to).build(), hardware, bits, rid -> true);
  }

  @Test
  void noCycleIndexesWhatIsNotThereWithAnyShift() {
    Random random = new Random(7);
    for (int round = 0; round < ROUNDS; round++) {
      int bits = round < 46 ? 10 + round : random.nextInt(10, 33);
      int from = random.nextInt(256);
      int to = random.nextInt(from, 256);
      long size = Math.min(Long.MAX_VALUE - BASE & -4096, (1L << bits) * random.nextInt(1, bits > 48 ? 2 : 260) + random.nextInt(3)
          * 0x1000);
      EcamBridge bridge = bridge(bits, from, to, size);
      assertEquals(first, bridge.firstBus());
      assertEquals(last, bridge.lastBus());
      for (int i = 0; i < ACCESSES; i++) {
        int width = 1 << random.nextInt(4);
        long offset = random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(8) == 0 ? size - 8 + random.nextInt(24)
            : random.nextLong(size);
        bridge.trappedRead(seen, BASE + offset, width);
        bridge.trappedWrite(seen, BASE + offset, width, -1);
        int rid = random.nextInt(4) == 0 ? random.nextInt() : from + random.nextInt(3) << 8 | random.nextInt(256);
        int register = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(0x1100);
        bridge.read(rid, register, width);
        bridge.write(rid, register, width, -1);
      }
    }
    assertEquals(List.of(), wrong.stream().limit(5).toList());
    assertTrue(cycles > ROUNDS * ACCESSES / 10, "cycles: " + cycles);
  }

  /** Cavium's PEM has 16 bits for a function, of which configuration space fills 12. */
  @Test
  void moreRoomThanAFunctionNeedsIsNothing() {
    EcamBridge bridge = bridge(24, 0x8F, 0xC7, 0x3900_0000);
    assertEquals(0xC7, bridge.lastBus());
    bridge.read(0x9001, 0x10, 4);
    assertEquals(BASE + 0x101_0010, reached);
    assertEquals(1, cycles);
    assertEquals(-1, bridge.read(0x9001, 0x1000, 4));
    assertEquals(0xFFFF_FFFFL, bridge.trappedRead(seen, BASE + 0x1000, 4));
    bridge.trappedWrite(seen, BASE + 0x1000, 4, 1);
    assertEquals(1, cycles);
    assertEquals(List.of(), wrong);
  }

  @Test
  void whatFitsNoBusIsRefused() {
    for (int bits : new int[] {-1, 0, 9, 56, 64}) {
      String said = assertThrows(HypervisorException.class, () -> bridge(bits, 0, 255, 1 << 28)).getMessage();
      assertTrue(said.contains("shift " + bits) && said.contains("10 to 55"), said);
    }
    String said = assertThrows(HypervisorException.class, () -> bridge(40, 0, 255, 1 << 28)).getMessage();
    assertTrue(said.contains("0x10000000000 bytes each"), said);
  }
}
