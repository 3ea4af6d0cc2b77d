package org.xenolith.hw.pcihost.ecam;

import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.pci.api.PciHost;
import org.xenolith.regs.DeviceState;

/**
 * A host bridge whose configuration space is a window: in ECAM bus, device and function are address bits 27:20 and 19:12, in CAM 23:16
 * and 15:8, from the first bus of {@code bus-range}. It has no registers and thus no state.
 */
final class GenericHost implements DeviceModel, MmioHandler {
  private static final int ECAM_SHIFT = 12;
  private static final int CAM_SHIFT = 8;

  private final DeviceState state = new DeviceState();
  private final PciHost host;
  private final int shift;
  private final int firstBus;
  private final int buses;

  GenericHost(DeviceContext context) {
    shift = context.node().isCompatible("pci-host-cam-generic") ? CAM_SHIFT : ECAM_SHIFT;
    context.window(0, AccessRule.UP_TO_WORD, this);
    host = new PciHost(context);
    host.claimRanges();
    firstBus = host.root().number();
    buses = (int) (context.node().windows().get(0).size() >>> shift + 8);
  }

  @Override public long read(long offset, int size) {
    int function = (int) (offset >>> shift);
    return host.readConfig(firstBus + (function >>> 8), function & 0xFF, register(offset), size) & 0xFFFF_FFFFL;
  }

  @Override public void write(long offset, int size, long value) {
    int function = (int) (offset >>> shift);
    if (function >>> 8 < buses) {
      host.writeConfig(firstBus + (function >>> 8), function & 0xFF, register(offset), size, (int) value);
    }
  }

  private int register(long offset) {
    return (int) offset & (1 << shift) - 1;
  }

  @Override public DeviceState state() {
    return state;
  }

  @Override public void reset() { }

  @Override public void removed() {
    host.removed();
  }
}
