// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.lapic;

import org.xenolith.lapic.kit.LapicFabric;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.MessageInput;

/** Where the messages of bus masters and I/O APICs arrive (SDM volume 3, 12.11). */
final class LapicMessages implements MessageInput {
  private final LapicFabric fabric;
  private final EventLog events;
  private final String instance;

  LapicMessages(DeviceContext context, LapicFabric fabric) {
    this.fabric = fabric;
    events = context.events();
    instance = context.instance();
  }

  @Override
  public void message(long device, long offset, int size, long value) {
    String lost = size == 4 ? fabric.message(offset, (int) value) : "a message has 4 bytes";
    if (lost != null) {
      events.report("apic-message", instance, "0x%x to offset 0x%x, %d bytes: %s".formatted(value, offset, size, lost));
    }
  }
}
