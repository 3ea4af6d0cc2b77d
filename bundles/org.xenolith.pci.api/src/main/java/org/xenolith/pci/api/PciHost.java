package org.xenolith.pci.api;

import java.util.HashMap;
import java.util.Map;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.MmioHandler;

/**
 * What host bridges have in common: the root bus (the port {@link PciBus} of the node), configuration cycles, windows of the CPUs
 * to the bus ({@code ranges}), interrupt pins ({@code interrupt-map}) and the way of requests to memory. What a bridge does
 * otherwise, it does itself: it decides which of this it uses.
 */
public final class PciHost implements PciUpstream {
  private final DeviceContext context;
  private final PciBus root;
  private final InterruptMap interrupts;
  private final Map<Integer, DmaPort> requesters = new HashMap<>();
  /** What last answered in memory space, while nothing that is decoded changes. */
  private PciAperture last;
  /** An overlap was told since that changed. */
  private boolean told;

  /**
   * The host bridge of a context's node, above its root bus.
   *
   * @throws org.xenolith.machine.api.ModelException if the node's {@code bus-range}, {@code ranges} or {@code interrupt-map} is malformed
   */
  public PciHost(DeviceContext context) {
    this(context, context.port(PciBus.class));
  }

  /**
   * A host bridge whose root bus isn't the port at its node: one that has its only root port in itself.
   *
   * @throws org.xenolith.machine.api.ModelException if the node's {@code bus-range}, {@code ranges} or {@code interrupt-map} is malformed
   */
  public PciHost(DeviceContext context, PciBus root) {
    this.context = context;
    this.root = root;
    root.number((int) context.node().cell("bus-range", 0));
    interrupts = new InterruptMap(context);
    root.connect(this);
  }

  /** The root bus. */
  public PciBus root() {
    return root;
  }

  /** Claims all windows of {@code ranges}. */
  public void claimRanges() {
    PciRange.of(context).forEach(range -> context.window(range.cpu(), AccessRule.ANY, window(range)));
  }

  /** What answers a window from the CPUs to the bus: all-ones where nothing decodes. */
  public MmioHandler window(PciRange range) {
    return new MmioHandler() {
      @Override public long read(long offset, int size) {
        return PciHost.this.read(range.io(), range.bus() + offset, size);
      }

      @Override public void write(long offset, int size, long value) {
        PciHost.this.write(range.io(), range.bus() + offset, size, value);
      }
    };
  }

  /** A CPU's read of 1, 2, 4 or 8 aligned bytes at an address of the bus: all-ones where nothing decodes. */
  public long read(boolean io, long address, int size) {
    PciAperture found = find(io, address);
    return found == null ? -1L >>> 64 - 8 * size : found.device().readBar(found.bar(), address - found.base(), size);
  }

  /** A CPU's write at an address of the bus: lost where nothing decodes. */
  public void write(boolean io, long address, int size, long value) {
    PciAperture found = find(io, address);
    if (found != null) {
      found.device().writeBar(found.bar(), address - found.base(), size, value);
    }
  }

  private PciAperture find(boolean io, long address) {
    if (io) {
      return root.decode(true, address);
    }
    PciAperture known = last;
    if (known == null || !known.holds(address)) {
      known = root.decode(false, address);
      last = known;
    }
    return known;
  }

  // ---- Configuration cycles

  /** A configuration read of 1, 2 or 4 aligned bytes; all-ones if nothing is there. @param devfn device 7:3, function 2:0 */
  public int readConfig(int bus, int devfn, int offset, int size) {
    PciTarget target = root.route(bus, devfn);
    return target == null ? (int) (0xFFFF_FFFFL >>> 32 - 8 * size) : target.readConfig(offset, size);
  }

  /** A configuration write of 1, 2 or 4 aligned bytes; lost if nothing is there. */
  public void writeConfig(int bus, int devfn, int offset, int size, int value) {
    PciTarget target = root.route(bus, devfn);
    if (target != null) {
      target.writeConfig(offset, size, value);
    }
  }

  // ---- What the bus asks

  @Override public DmaPort requester(int requester) {
    return requesters.computeIfAbsent(requester, context::dma);
  }

  @Override public void interrupt(int devfn, int pin, boolean level) {
    interrupts.set(devfn, pin, level);
  }

  @Override public void overlap(String which) {
    if (!told) {
      told = true;
      context.events().report("pci-overlap", context.instance(), which + ": both claim it, neither answers");
    }
  }

  @Override public void decodeChanged() {
    last = null;
    told = false;
  }

  /** The model was removed: nothing passes any more. */
  public void removed() {
    root.connect(null);
  }
}
