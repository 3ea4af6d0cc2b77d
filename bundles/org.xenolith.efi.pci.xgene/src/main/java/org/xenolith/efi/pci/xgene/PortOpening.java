// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci.xgene;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.kit.TreeDevice;
import org.xenolith.fdt.Fdt;

/**
 * What is written so that CPUs and devices reach one another through a port: its clock runs, then it leaves reset; {@code ranges} are mapped
 * outbound and {@code dma-ranges} inbound, each by a region that takes its size; the configuration window is open. Register facts: Linux,
 * drivers/pci/controller/pci-xgene.c and drivers/clk/clk-xgene.c.
 */
final class PortOpening {
  private static final String CLOCK = "apm,xgene-device-clock";
  private static final int CLOCK_ENABLE = 8;
  private static final int CLOCK_BITS = 0xF;
  private static final int WORD = 4;
  /** Maps and windows, which are in one piece of registers, to be closed first. */
  private static final int FIRST = 0x80;
  private static final int LAST = 0x15C;
  private static final int CFGBAR = 0x154;
  private static final int CFGCTL = 0x15C;
  private static final int RTDID = 0x160;
  private static final int IDS_AT = 0x2000;
  private static final long IDS = 0xE004_10E8L;
  /** The mask of inbound region 1 begins in the upper half of the first of three words. */
  private static final int MASK = 0x2010;
  private static final int BAR_0 = 0x10;
  private static final int ENABLED = 1;
  private static final int PORTS = 2;
  private static final int WIDE = 4;
  private static final int PREFETCHABLE = 8;
  private static final long COHERENT = 0xF000_0000L << 32;
  private static final int ROW = 7;

  /** Outbound regions: where their registers are, the smallest window. */
  private enum Outbound {
    MEMORY(0x100, 128 << 20), PREFETCHABLE_MEMORY(0x118, 128 << 20), IO(0x130, 128);

    private final int registers;
    private final long least;

    Outbound(int registers, long least) {
      this.registers = registers;
      this.least = least;
    }
  }

  /** Inbound regions, in the order in which they are tried for a range: where it says what they lead to; sizes between these. */
  private enum Inbound {
    SECOND(0xA0, 4, 16L << 20), FIRST_ONE(0x80, 1 << 10, 1L << 40), THIRD(0xC4, 1 << 20, 1L << 40);

    private final int target;
    private final long above;
    private final long below;

    Inbound(int target, long above, long below) {
      this.target = target;
      this.above = above;
      this.below = below;
    }
  }

  /** A row of {@code ranges} or {@code dma-ranges} (IEEE 1275, PCI bus binding, 2.2.1.1). */
  private record Range(int flags, long bus, long cpu, long size) {
    private static List<Range> of(TreeDevice host, String name) {
      int[] cells = TreeDevice.cells(host.node(), name);
      List<Range> ranges = new ArrayList<>();
      for (int at = 0; at + ROW <= cells.length; at += ROW) {
        ranges.add(new Range(cells[at], number(cells, at + 1), number(cells, at + 3), number(cells, at + 5)));
      }
      return ranges;
    }

    private static long number(int[] cells, int at) {
      return (long) cells[at] << 32 | cells[at + 1] & 0xFFFF_FFFFL;
    }

    private boolean io() {
      return (flags >>> 24 & 3) == 1;
    }

    private boolean prefetchable() {
      return (flags >>> 30 & 1) == 1;
    }

    private boolean regular() {
      return Long.bitCount(size) == 1;
    }

    private String text() {
      return "0x" + Long.toHexString(size) + " bytes at 0x" + Long.toHexString(bus);
    }
  }

  private record Clock(long enable, long enableBits, long reset, long resetBits) {}

  private final long csr;
  private final long cfg;
  private final Optional<Clock> clock;
  private final List<EfiAccess> accesses = new ArrayList<>();
  /** Bits of the mask of inbound region 1; 0 without one. */
  private long mask;
  private final List<String> unusual = new ArrayList<>();

  PortOpening(Fdt tree, TreeDevice host, long csr, long cfg) {
    this.csr = csr;
    this.cfg = cfg;
    clock = clock(tree, host);
    if (clock.isEmpty()) {
      unusual.add("its clock isn't in the tree: it is taken for running");
    }
    for (int register = FIRST; register <= LAST; register += WORD) {
      put(register, 0);
    }
    put(IDS_AT, IDS);
    outbound(Range.of(host, "ranges"));
    pair(CFGBAR, cfg);
    put(CFGCTL, ENABLED);
    put(RTDID, 0);
    inbound(Range.of(host, "dma-ranges"));
    accesses.add(EfiAccess.read(WORD, csr + MASK));
    accesses.add(EfiAccess.read(WORD, csr + MASK + 8));
  }

  private static Optional<Clock> clock(Fdt tree, TreeDevice host) {
    int[] wanted = TreeDevice.cells(host.node(), "clocks");
    if (wanted.length == 0) {
      return Optional.empty();
    }
    return TreeDevice.of(tree, CLOCK).stream().filter(each -> TreeDevice.cell(each.node(), "phandle", 0) == wanted[0] && wanted[0] != 0)
        .findFirst().map(each -> {
          long base = each.window("csr-reg").map(TreeDevice.Window::base).orElse(each.base());
          return new Clock(base + TreeDevice.cell(each.node(), "enable-offset", CLOCK_ENABLE), TreeDevice.cell(each.node(), "enable-mask",
              CLOCK_BITS), base + TreeDevice.cell(each.node(), "csr-offset", 0), TreeDevice.cell(each.node(), "csr-mask", CLOCK_BITS));
        });
  }

  /** What the tree wants and the port hasn't; for people. */
  List<String> unusual() {
    return List.copyOf(unusual);
  }

  boolean hasClock() {
    return clock.isPresent();
  }

  /** Reads what is on. */
  List<EfiAccess> readClock() {
    return List.of(EfiAccess.read(WORD, clock.orElseThrow().enable));
  }

  /** Has the clock run, and reads what is in reset, as the second. */
  List<EfiAccess> enableClock(long before) {
    Clock one = clock.orElseThrow();
    return List.of(EfiAccess.write(WORD, one.enable, (before | one.enableBits) & 0xFFFF_FFFFL), EfiAccess.read(WORD, one.reset));
  }

  /** Takes the port out of reset. */
  List<EfiAccess> leaveReset(long before) {
    Clock one = clock.orElseThrow();
    return List.of(EfiAccess.write(WORD, one.reset, before & ~one.resetBits & 0xFFFF_FFFFL));
  }

  /** All but the mask of inbound region 1, whose first and last word are read in the end. */
  List<EfiAccess> open() {
    return List.copyOf(accesses);
  }

  /** That mask. Halves of the words are others'. @param first what was read of the first word; @param last of the third */
  List<EfiAccess> openInbound(long first, long last) {
    return mask == 0 ? List.of(EfiAccess.read(WORD, csr + MASK)) : List.of(EfiAccess.write(WORD, csr + MASK, first & 0xFFFF | (mask
        & 0xFFFF) << 16), EfiAccess.write(WORD, csr + MASK + 4, mask >>> 16 & 0xFFFF_FFFFL), EfiAccess.write(WORD, csr + MASK + 8, last
            & 0xFFFF_0000L | mask >>> 48));
  }

  private void put(int register, long value) {
    accesses.add(EfiAccess.write(WORD, csr + register, value & 0xFFFF_FFFFL));
  }

  private void pair(int register, long value) {
    put(register, value);
    put(register + WORD, value >>> 32);
  }

  private void outbound(List<Range> ranges) {
    Set<Outbound> free = EnumSet.allOf(Outbound.class);
    for (Range range : ranges) {
      Outbound region = range.io() ? Outbound.IO : range.prefetchable() ? Outbound.PREFETCHABLE_MEMORY : Outbound.MEMORY;
      if (!range.regular() || range.size < region.least || !free.remove(region)) {
        unusual.add("ranges: no outbound region is left for, or takes, " + range.text());
        continue;
      }
      pair(region.registers, range.cpu);
      pair(region.registers + 8, -range.size | ENABLED | (range.io() ? PORTS : 0));
      pair(region.registers + 16, range.bus);
    }
  }

  private void inbound(List<Range> ranges) {
    Set<Inbound> free = EnumSet.allOf(Inbound.class);
    for (Range range : ranges) {
      Inbound region = free.stream().filter(each -> each.above < range.size && range.size < each.below).findFirst().orElse(null);
      if (region == null || !range.regular()) {
        unusual.add("dma-ranges: no inbound region is left for, or takes, " + range.text());
        continue;
      }
      free.remove(region);
      int flags = WIDE | (range.prefetchable() ? PREFETCHABLE : 0);
      switch (region) {
        case FIRST_ONE -> {
          mask = -range.size & ~0xFL | flags;
          accesses.add(EfiAccess.write(WORD, cfg + BAR_0, range.bus & 0xFFFF_FFF0L | flags));
          accesses.add(EfiAccess.write(WORD, cfg + BAR_0 + WORD, range.bus >>> 32));
        }
        case SECOND -> {
          put(0x98, range.bus & 0xFFFF_FFF0L | flags);
          put(0x9C, -range.size | ENABLED);
        }
        case THIRD -> {
          pair(0xB4, range.bus & ~0xFL | flags);
          pair(0xBC, -range.size | ENABLED);
        }
      }
      pair(region.target, range.cpu | COHERENT);
      pair(region.target + 16, -range.size);
    }
    if (free.size() == Inbound.values().length) {
      unusual.add("dma-ranges: nothing is mapped inbound, so no device reaches memory");
    }
  }
}
