// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.pci;

import org.xenolith.pci.api.PciAperture;
import org.xenolith.pci.api.PciDevice;
import org.xenolith.pci.api.PciTarget;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.PciEndpoint;
import org.xenolith.virtio.kit.TransportCore;

/**
 * The function as its bus sees it: an endpoint whose PCI configuration access capability (Virtual I/O Device 1.2, 4.1.4.9) leads to
 * its BAR, for firmware that has mapped none. What device it is shows in the device id, which stays while the function is away for a
 * moment; an endpoint that hasn't shown any isn't there.
 */
final class ConfigAccess implements PciTarget {
  private static final int BAR = 4;
  private static final int OFFSET = 8;
  private static final int LENGTH = 12;
  private static final int DATA = 16;

  private final PciEndpoint endpoint;
  private final PciDevice device;
  private final TransportCore core;
  private final int at;

  /** @param at where the capability is */
  ConfigAccess(PciEndpoint endpoint, PciDevice device, TransportCore core, int at) {
    this.endpoint = endpoint;
    this.device = device;
    this.core = core;
    this.at = at;
  }

  private boolean isThere() { return core.function() != null || endpoint.readConfig(ConfigTable.DEVICE_ID, 2) != VirtioPci.FIRST_DEVICE; }

  private boolean isData(int offset) {
    return offset >= at + DATA && offset < at + DATA + 4;
  }

  /** Bytes to access, or 0 if the driver asks for what isn't there. */
  private int length() {
    int length = endpoint.readConfig(at + LENGTH, 4);
    long offset = offset();
    boolean valid = endpoint.readConfig(at + BAR, 1) == VirtioPci.BAR && (length == 1 || length == 2 || length == 4)
        && offset % length == 0 && offset + length <= VirtioPci.BAR_SIZE;
    return valid ? length : 0;
  }

  private long offset() {
    return endpoint.readConfig(at + OFFSET, 4) & 0xFFFF_FFFFL;
  }

  @Override
  public int readConfig(int offset, int size) {
    if (!isThere()) {
      return (int) (0xFFFF_FFFFL >>> 32 - 8 * size);
    }
    if (core.function() != null) {
      endpoint.config().set(ConfigTable.DEVICE_ID, 2, VirtioPci.FIRST_DEVICE + core.function().deviceId());
    }
    int length = isData(offset) ? length() : 0;
    if (length != 0) {
      endpoint.config().set(at + DATA, length, (int) device.readBar(VirtioPci.BAR, offset(), length));
    }
    return endpoint.readConfig(offset, size);
  }

  @Override
  public void writeConfig(int offset, int size, int value) {
    if (!isThere()) {
      return;
    }
    endpoint.writeConfig(offset, size, value);
    int length = isData(offset) ? length() : 0;
    if (length != 0) {
      device.writeBar(VirtioPci.BAR, offset(), length, endpoint.readConfig(at + DATA, 4) & 0xFFFF_FFFFL >>> 32 - 8 * length);
    }
  }

  @Override
  public PciAperture decode(boolean io, long address) {
    return isThere() ? endpoint.decode(io, address) : null;
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
