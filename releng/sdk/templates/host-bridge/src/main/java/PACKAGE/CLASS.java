// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.pci.kit.PciHost;
import org.xenolith.regs.DeviceState;

/**
 * A host bridge whose configuration space is an ECAM: bus, device and function are address bits 27:20 and 19:12. What all bridges have,
 * the bus, windows, pins and requests, is {@link PciHost}'s; what this one does otherwise is here.
 */
final class @CLASS@ implements DeviceModel, MmioHandler {
  /** What is listed here is reset, snapshotted and handed over to another version; a bridge without registers has nothing. */
  private final DeviceState state = new DeviceState();
  private final PciHost host;
  private final int firstBus;
  private final boolean narrowReads;

  @CLASS@(DeviceContext context) {
    narrowReads = context.options().flag(@CLASS@Component.NARROW_READS);
    context.bus().window(0, AccessRule.UP_TO_WORD, this);
    host = new PciHost(context);
    host.claimRanges();
    firstBus = host.root().number();
  }

  @Override public long read(long offset, int size) {
    if (narrowReads && size < 4) {
      return cycle(offset & ~3L, 4) & (1L << 8 * size) - 1;
    }
    return cycle(offset, size);
  }

  private long cycle(long offset, int size) {
    return host.readConfig(bus(offset), function(offset), register(offset), size) & 0xFFFF_FFFFL;
  }

  @Override public void write(long offset, int size, long value) {
    host.writeConfig(bus(offset), function(offset), register(offset), size, (int) value);
  }

  private int bus(long offset) {
    return firstBus + (int) (offset >>> 20);
  }

  private static int function(long offset) {
    return (int) (offset >>> 12) & 0xFF;
  }

  private static int register(long offset) {
    return (int) offset & 0xFFF;
  }

  @Override public DeviceState state() {
    return state;
  }

  @Override public void reset() { }

  @Override public void removed() {
    host.removed();
  }
}
