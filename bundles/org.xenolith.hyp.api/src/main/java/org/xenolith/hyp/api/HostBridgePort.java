// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;

/**
 * One host bridge of the machine, with the hypervisor's driver behind it or without. Without one nothing answers on its buses,
 * and the hypervisor keeps none of its windows from the hardware domain.
 */
public final class HostBridgePort extends RolePort<HostBridge> implements HostBridge {
  private final PlatformNode node;
  private final int segment;

  HostBridgePort(PlatformNode node, int segment) {
    this.node = node;
    this.segment = segment;
  }

  /** Its node. */
  public PlatformNode node() {
    return node;
  }

  /** Its segment. */
  public int segment() {
    return segment;
  }

  /** Whether a bus of this segment is behind it; false without a driver. */
  public boolean covers(int bus) {
    return present() && bus >= firstBus() && bus <= lastBus();
  }

  @Override
  public int firstBus() {
    return ask(0, HostBridge::firstBus);
  }

  @Override
  public int lastBus() {
    return ask(-1, HostBridge::lastBus);
  }

  @Override
  public List<AddressWindow> configuration() {
    return ask(List.of(), HostBridge::configuration);
  }

  @Override
  public int read(int rid, int register, int size) {
    HostBridge bridge = provider();
    DeviceContext itsOwner = owner();
    int none = size == 4 ? -1 : (1 << 8 * size) - 1;
    if (bridge == null) {
      return none;
    }
    try {
      return bridge.read(rid, register, size);
    } catch (Throwable bug) {
      threw(bridge, itsOwner, bug);
      return none;
    }
  }

  @Override
  public void write(int rid, int register, int size, int value) {
    HostBridge bridge = provider();
    DeviceContext itsOwner = owner();
    if (bridge != null) {
      try {
        bridge.write(rid, register, size, value);
      } catch (Throwable bug) {
        threw(bridge, itsOwner, bug);
      }
    }
  }

  @Override
  public long trappedRead(PciConfiguration seen, long address, int size) {
    HostBridge bridge = provider();
    DeviceContext itsOwner = owner();
    if (bridge == null) {
      return -1;
    }
    try {
      return bridge.trappedRead(seen, address, size);
    } catch (Throwable bug) {
      threw(bridge, itsOwner, bug);
      return -1;
    }
  }

  @Override
  public void trappedWrite(PciConfiguration seen, long address, int size, long value) {
    HostBridge bridge = provider();
    DeviceContext itsOwner = owner();
    if (bridge != null) {
      try {
        bridge.trappedWrite(seen, address, size, value);
      } catch (Throwable bug) {
        threw(bridge, itsOwner, bug);
      }
    }
  }
}
