// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.pci.api.PciAperture;
import org.xenolith.pci.api.PciBusPort;
import org.xenolith.pci.api.PciRange;
import org.xenolith.pci.api.PciTarget;
import org.xenolith.pci.api.PciUpstream;

/**
 * What host bridges have in common: the root bus (the port {@link PciBusPort} of the node), configuration cycles, windows of the CPUs
 * to the bus ({@code ranges}), interrupt pins ({@code interrupt-map}) and the way of requests to memory. What a bridge does
 * otherwise, it does itself: it decides which of this it uses.
 */
public final class PciHost implements PciUpstream {
  private final DeviceContext context;
  private final PciBusPort root;
  private final InterruptMap interrupts;
  private final Map<Integer, DmaPort> requesters = new HashMap<>();
  /** What last answered in memory space, while nothing that is decoded changes. */
  private @Nullable PciAperture last;
  /** An overlap was told since that changed. */
  private boolean reported;

  /**
   * The host bridge of a context's node, above its root bus.
   *
   * @throws org.xenolith.machine.api.ModelException if the node's {@code bus-range}, {@code ranges} or {@code interrupt-map} is malformed
   */
  public PciHost(DeviceContext context) {
    this(context, context.port(PciBusPort.class));
  }

  /**
   * A host bridge whose root bus isn't the port at its node: one that has its only root port in itself.
   *
   * @throws org.xenolith.machine.api.ModelException if the node's {@code bus-range}, {@code ranges} or {@code interrupt-map} is malformed
   */
  public PciHost(DeviceContext context, PciBusPort root) {
    this.context = context;
    this.root = root;
    root.number((int) context.node().cell("bus-range", 0));
    interrupts = new InterruptMap(context);
    root.connect(this);
  }

  /** The root bus. */
  public PciBusPort root() {
    return root;
  }

  /** Claims all windows of {@code ranges}. */
  public void claimRanges() {
    PciRange.of(context).forEach(range -> context.bus().window(range.cpu(), AccessRule.ANY, window(range)));
  }

  /** What answers a window from the CPUs to the bus: all-ones where nothing decodes. */
  public MmioHandler window(PciRange range) {
    return new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return PciHost.this.read(range.io(), range.bus() + offset, size);
      }

      @Override
      public void write(long offset, int size, long value) {
        PciHost.this.write(range.io(), range.bus() + offset, size, value);
      }
    };
  }

  /** A CPU's read of 1, 2, 4 or 8 aligned bytes at an address of the bus: all-ones where nothing decodes. */
  public long read(boolean io, long address, int size) {
    PciAperture found = decode(io, address);
    return found == null ? -1L >>> 64 - 8 * size : found.device().readBar(found.bar(), address - found.base(), size);
  }

  /** A CPU's write at an address of the bus: lost where nothing decodes. */
  public void write(boolean io, long address, int size, long value) {
    PciAperture found = decode(io, address);
    if (found != null) {
      found.device().writeBar(found.bar(), address - found.base(), size, value);
    }
  }

  /** What decodes an address of the bus now; null if nothing does, or more than one function. */
  public PciAperture decode(boolean io, long address) {
    if (io) {
      return BusRouting.decode(root, true, address);
    }
    PciAperture known = last;
    if (known == null || !known.holds(address)) {
      known = BusRouting.decode(root, false, address);
      last = known;
    }
    return known;
  }

  /** Number of the bus behind it. */
  public int firstBus() {
    return root.number();
  }

  // ---- Configuration cycles

  /**
   * What answers a window of configuration space in which an address says the function, from the root bus on (PCI Express Base 4.0,
   * 7.2.2): bus by bus, and within a bus 256 functions. Where no register can be, reads are all-ones and writes are lost.
   *
   * @param shift bits of an address below the bus, 10 to 55: 20 in an ECAM; with more than that the rest of a function's room is empty
   */
  public MmioHandler ecam(int shift) {
    if (shift < 10 || shift > 55) {
      throw new ModelException(context.instance() + ": ECAM with " + shift + " bits of an address below the bus: expected 10 to 55");
    }
    int first = root.number();
    return new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return readConfig(bus(offset), devfn(offset), register(offset), size) & 0xFFFF_FFFFL;
      }

      @Override
      public void write(long offset, int size, long value) {
        writeConfig(bus(offset), devfn(offset), register(offset), size, (int) value);
      }

      private int bus(long offset) {
        return (int) Math.min(first + (offset >>> shift), Integer.MAX_VALUE);
      }

      private int devfn(long offset) {
        return (int) (offset >>> shift - 8) & 0xFF;
      }

      private int register(long offset) {
        return (int) Math.min(offset & (1L << shift - 8) - 1, Integer.MAX_VALUE);
      }
    };
  }

  /**
   * A configuration read of 1, 2 or 4 aligned bytes; all-ones if nothing is there, nor can be.
   *
   * @param devfn device 7:3, function 2:0
   */
  public int readConfig(int bus, int devfn, int offset, int size) {
    PciTarget target = target(bus, devfn, offset, size);
    int value = target == null ? (int) (0xFFFF_FFFFL >>> 32 - 8 * size) : target.readConfig(offset, size);
    root.accessed(bus << 8 | devfn, offset, size, false, value);
    return value;
  }

  /** A configuration write of 1, 2 or 4 aligned bytes; lost if nothing is there. */
  public void writeConfig(int bus, int devfn, int offset, int size, int value) {
    PciTarget target = target(bus, devfn, offset, size);
    if (target != null) {
      target.writeConfig(offset, size, value);
    }
    root.accessed(bus << 8 | devfn, offset, size, true, value);
  }

  /** Whom a cycle reaches: nobody where a bridge's address has no bus, function or register. */
  private @Nullable PciTarget target(int bus, int devfn, int offset, int size) {
    return devfn < 0 || devfn >= PciBusPort.FUNCTIONS || offset < 0 || offset > ConfigTable.SIZE - size ? null : route(bus, devfn);
  }

  /** The function that a configuration cycle leads to; null if none is there. @param devfn device 7:3, function 2:0 */
  public PciTarget route(int bus, int devfn) {
    return BusRouting.route(root, bus, devfn);
  }

  // ---- What the bus asks

  @Override
  public DmaPort requester(int requester) {
    return requesters.computeIfAbsent(requester, context.memory()::dma);
  }

  @Override
  public void interrupt(int devfn, int pin, boolean level) {
    interrupts.set(devfn, pin, level);
  }

  @Override
  public void overlap(String which) {
    if (!reported) {
      reported = true;
      context.events().report("pci-overlap", context.instance(), which + ": both claim it, neither answers");
    }
  }

  @Override
  public void decodeChanged() {
    last = null;
    reported = false;
  }

  /** The model was removed: nothing passes any more. */
  public void removed() {
    root.connect(null);
  }
}
