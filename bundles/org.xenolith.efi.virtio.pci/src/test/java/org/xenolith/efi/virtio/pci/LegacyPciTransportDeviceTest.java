// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtio.pci;

import org.xenolith.testkit.efi.VirtioDeviceContract;

/** A function from before version 1.0. */
class LegacyPciTransportDeviceTest extends VirtioDeviceContract {
  @Override
  protected Transport transport() {
    return new FunctionOfRegisters(true);
  }
}
