// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.xgene;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * What is written to bring one port up: its clock, its ids, the outbound windows of {@code ranges}, the configuration window, the inbound
 * regions of {@code dma-ranges}. Register facts: Linux, drivers/pci/controller/pci-xgene.c and drivers/clk/clk-xgene.c.
 */
final class PortSetup {
  /** Values of {@code compatible} of ports. */
  static final Set<String> COMPATIBLE = Set.of("apm,xgene-pcie", "apm,xgene-storm-pcie");
  private static final String CLOCK = "apm,xgene-device-clock";
  private static final int CLOCK_MASK = 0xF;
  private static final int CLOCK_ENABLE = 8;

  private static final int CFGBAR = 0x154;
  private static final int CFGCTL = 0x15C;
  private static final int RTDID = 0x160;
  private static final int BRIDGE_CFG_0 = 0x2000;
  private static final int BRIDGE_CFG_4 = 0x2010;
  private static final int BAR0 = 0x10;
  private static final int IDS = 0xE004_10E8;
  private static final int ENABLE = 1;
  private static final int IO = 2;
  private static final int COHERENT = 0xF000_0000;
  /** A BAR of 64 bits. */
  private static final int WIDE = 4;
  private static final int PREFETCHABLE = 8;

  /** An outbound window. */
  private enum Outbound {
    MEMORY(0x100, 128 << 20), PREFETCHABLE_MEMORY(0x118, 128 << 20), PORTS(0x130, 128);

    private final int first;
    private final long smallest;

    Outbound(int first, long smallest) {
      this.first = first;
      this.smallest = smallest;
    }
  }

  /** An inbound region, in the order in which one is chosen for a range: the first that is free and takes its size. */
  private enum Inbound {
    SECOND(4, 16L << 20, 0xA0), FIRST(1 << 10, 1L << 40, 0x80), THIRD(1 << 20, 1L << 40, 0xC4);

    private final long above;
    private final long below;
    private final int target;

    Inbound(long above, long below, int target) {
      this.above = above;
      this.below = below;
      this.target = target;
    }
  }

  /** Bits of a register are set that are in {@code bits}; of those in {@code kept} the others stay. */
  private record Write(long address, int kept, int bits) {}

  private final String path;
  private final long csr;
  private final long cfg;
  private final List<Write> writes = new ArrayList<>();
  private final List<String> unusual = new ArrayList<>();

  private PortSetup(Platform platform, PlatformNode node) {
    path = node.path();
    csr = window(node, "csr").base();
    cfg = window(node, "cfg").base();
    clock(platform, node);
    put(BRIDGE_CFG_0, IDS);
    outbound(RangeRow.of(platform, node, "ranges"));
    pair(CFGBAR, cfg);
    put(CFGCTL, ENABLE);
    put(RTDID, 0);
    inbound(RangeRow.of(platform, node, "dma-ranges"));
  }

  /** Those of the enabled ports. */
  static List<PortSetup> all(Platform platform) {
    return platform.nodes().stream().filter(node -> node.enabled() && node.compatible().stream().anyMatch(COMPATIBLE::contains))
        .map(node -> new PortSetup(platform, node)).toList();
  }

  private static AddressWindow window(PlatformNode node, String name) {
    int at = node.property("reg-names").filter(FdtProperty::looksLikeStrings).map(FdtProperty::strings).orElse(List.of()).indexOf(name);
    if (at < 0 || at >= node.windows().size()) {
      throw new ModelException(node.path() + ": reg-names: no window is called " + name + "; name csr and cfg");
    }
    return node.windows().get(at);
  }

  /** The port's node. */
  String path() {
    return path;
  }

  /** What the tree wants and the port hasn't; for people. */
  List<String> unusual() {
    return Collections.unmodifiableList(unusual);
  }

  /** @throws org.xenolith.machine.api.ExternalAbort if something doesn't answer */
  void run(PhysicalBus bus) {
    for (Write write : writes) {
      long kept = write.kept == 0 ? 0 : bus.read(write.address, Integer.BYTES) & write.kept;
      bus.write(write.address, Integer.BYTES, (kept | write.bits) & 0xFFFF_FFFFL);
    }
  }

  private void put(int register, int value) {
    writes.add(new Write(csr + register, 0, value));
  }

  private void pair(int register, long value) {
    put(register, (int) value);
    put(register + 4, (int) (value >>> 32));
  }

  /** It runs first, then its device leaves reset. */
  private void clock(Platform platform, PlatformNode node) {
    Optional<PlatformNode> clock = platform.byPhandle((int) node.cell("clocks", 0))
        .filter(each -> each.enabled() && each.isCompatible(CLOCK) && !each.windows().isEmpty());
    clock.ifPresent(found -> {
      int csrOfClock = Math.max(0, found.property("reg-names").filter(FdtProperty::looksLikeStrings).map(FdtProperty::strings).orElse(List
          .of()).indexOf("csr-reg"));
      long base = found.windows().get(csrOfClock).base();
      writes.add(new Write(base + found.cell("enable-offset", CLOCK_ENABLE), -1, (int) found.cell("enable-mask", CLOCK_MASK)));
      writes.add(new Write(base + found.cell("csr-offset", 0), ~(int) found.cell("csr-mask", CLOCK_MASK), 0));
    });
  }

  private void outbound(List<RangeRow> ranges) {
    Set<Outbound> free = EnumSet.allOf(Outbound.class);
    for (RangeRow range : ranges) {
      Outbound window = range.io() ? Outbound.PORTS : range.prefetchable() ? Outbound.PREFETCHABLE_MEMORY : Outbound.MEMORY;
      if (Long.bitCount(range.size()) != 1 || range.size() < window.smallest || !free.remove(window)) {
        unusual.add("no outbound window is left for, or takes, 0x" + Long.toHexString(range.size()) + " bytes at 0x" + Long.toHexString(
            range.cpu()));
      } else {
        pair(window.first, range.cpu());
        pair(window.first + 8, -range.size() | ENABLE | (range.io() ? IO : 0));
        pair(window.first + 16, range.bus());
      }
    }
  }

  private void inbound(List<RangeRow> ranges) {
    Set<Inbound> free = EnumSet.allOf(Inbound.class);
    for (RangeRow range : ranges) {
      Optional<Inbound> region = free.stream().filter(each -> each.above < range.size() && range.size() < each.below).findFirst();
      if (region.isEmpty() || Long.bitCount(range.size()) != 1) {
        unusual.add("no inbound region is left for, or takes, 0x" + Long.toHexString(range.size()) + " bytes at 0x" + Long.toHexString(
            range.bus()));
      } else {
        free.remove(region.get());
        listen(region.get(), range);
        pair(region.get().target, range.cpu() | (long) COHERENT << 32);
        pair(region.get().target + 16, -range.size());
      }
    }
  }

  /** Where devices see the region. */
  private void listen(Inbound region, RangeRow range) {
    int flags = WIDE | (range.prefetchable() ? PREFETCHABLE : 0);
    switch (region) {
      case FIRST -> {
        // The mask is the root port's BAR, shifted by 16 bits over three registers
        long mask = -range.size() & ~0xFL | flags;
        writes.add(new Write(csr + BRIDGE_CFG_4, 0xFFFF, (int) mask << 16));
        put(BRIDGE_CFG_4 + 4, (int) (mask >>> 16));
        writes.add(new Write(csr + BRIDGE_CFG_4 + 8, 0xFFFF_0000, (int) (mask >>> 48)));
        writes.add(new Write(cfg + BAR0, 0, (int) range.bus() | flags));
        writes.add(new Write(cfg + BAR0 + 4, 0, (int) (range.bus() >>> 32)));
      }
      case SECOND -> {
        put(0x98, (int) range.bus() | flags);
        put(0x9C, (int) -range.size() | ENABLE);
      }
      case THIRD -> {
        pair(0xB4, range.bus() | flags);
        pair(0xBC, -range.size() | ENABLE);
      }
    }
  }
}
