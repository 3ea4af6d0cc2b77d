// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.pci.api.PciDevice;

/** A model as its bus calls it: what it throws costs this one its place, not the bridge above it, nor another one of its kind. */
record GuardedDevice(DeviceContext context, PciDevice device) implements PciDevice {
  @Override
  public long readBar(int bar, long offset, int size) {
    try {
      return device.readBar(bar, offset, size);
    } catch (ExternalAbort | RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      context.failed(bug);
      return -1L >>> 64 - 8 * size;
    }
  }

  @Override
  public void writeBar(int bar, long offset, int size, long value) {
    try {
      device.writeBar(bar, offset, size, value);
    } catch (ExternalAbort | RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      context.failed(bug);
    }
  }

  @Override
  public void functionReset() {
    try {
      device.functionReset();
    } catch (RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      context.failed(bug);
    }
  }
}
