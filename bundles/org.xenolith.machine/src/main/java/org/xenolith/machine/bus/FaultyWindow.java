// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import java.util.function.LongConsumer;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.control.HardwareFault;

/**
 * What answers a window while the way to it has a fault.
 *
 * @param stall has the machine's time go on, by nanoseconds
 * @param rule  the device's, applied behind the fault
 */
record FaultyWindow(HardwareFault.Window fault, LongConsumer stall, AccessRule rule, MmioHandler device) implements MmioHandler {
  @Override
  public long read(long offset, int size) {
    return fault.concerns(offset, size, false) && fails() ? -1L : rule.read(device, offset, size);
  }

  @Override
  public void write(long offset, int size, long value) {
    if (!fault.concerns(offset, size, true) || !fails()) {
      rule.write(device, offset, size, value);
    }
  }

  /** Whether the device sees nothing of it. */
  private boolean fails() {
    switch (fault.manner()) {
      case ABORT -> throw ExternalAbort.INSTANCE;
      case LATE -> {
        stall.accept(fault.measure());
        return false;
      }
      default -> {
        return true;
      }
    }
  }
}
