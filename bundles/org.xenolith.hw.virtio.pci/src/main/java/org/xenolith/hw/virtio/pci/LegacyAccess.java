// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.pci;

import java.util.List;
import java.util.Map;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.EventLog;
import org.xenolith.pci.api.PciAperture;
import org.xenolith.pci.api.PciBar;
import org.xenolith.pci.api.PciTarget;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.PciEndpoint;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.kit.TransportCore;

/**
 * The legacy function as its bus sees it: what device it is shows in the subsystem id and, by a list of the specification, in the device
 * id (Virtual I/O Device 1.2, 4.1.2.1). Both stay while the function is away for a moment; an endpoint that hasn't shown any isn't there.
 */
final class LegacyAccess implements PciTarget {
  /** The device id of none: the list ends before it. */
  static final int NO_DEVICE = 0x103F;
  private static final int SUBSYSTEM_ID = 0x2E;
  /** Transitional PCI device ids, by device id. */
  private static final Map<Integer, Integer> IDS = Map.of(1, 0x1000, 2, 0x1001, 5, 0x1002, 3, 0x1003, 8, 0x1004, 4, 0x1005, 9, 0x1009);

  private final PciEndpoint endpoint;
  private final TransportCore core;
  private final EventLog events;
  private final String instance;

  LegacyAccess(PciEndpoint endpoint, TransportCore core, DeviceContext context) {
    this.endpoint = endpoint;
    this.core = core;
    events = context.events();
    instance = context.instance();
  }

  /** Says once what is wrong with a function that comes. */
  void functionChanged() {
    VirtioFunction function = core.function();
    if (function != null && !IDS.containsKey(function.deviceId())) {
      events.report("virtio-not-legacy", instance, "virtio device " + function.deviceId()
          + " has no legacy PCI id, so that no driver finds it; use a card of kind virtio");
    }
  }

  private boolean isThere() {
    return core.function() != null ? IDS.containsKey(core.function().deviceId())
        : endpoint.readConfig(ConfigTable.DEVICE_ID, 2) != NO_DEVICE;
  }

  @Override
  public int readConfig(int offset, int size) {
    if (!isThere()) {
      return (int) (0xFFFF_FFFFL >>> 32 - 8 * size);
    }
    if (core.function() != null) {
      int device = core.function().deviceId();
      endpoint.config().set(ConfigTable.DEVICE_ID, 2, IDS.get(device));
      endpoint.config().set(SUBSYSTEM_ID, 2, device);
    }
    return endpoint.readConfig(offset, size);
  }

  @Override
  public void writeConfig(int offset, int size, int value) {
    if (isThere()) {
      endpoint.writeConfig(offset, size, value);
    }
  }

  @Override
  public PciAperture decode(boolean io, long address) {
    return isThere() ? endpoint.decode(io, address) : null;
  }

  @Override
  public List<PciBar> bars() {
    return isThere() ? endpoint.bars() : List.of();
  }

  @Override
  public void hotReset() {
    endpoint.hotReset();
  }

  @Override
  public void moved() {
    endpoint.moved();
  }
}
