// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtio.pci;

import org.xenolith.testkit.efi.VirtioDeviceContract;

/** A modern function. */
class PciTransportDeviceTest extends VirtioDeviceContract {
  @Override
  protected Transport transport() {
    return new FunctionOfRegisters(false);
  }
}
