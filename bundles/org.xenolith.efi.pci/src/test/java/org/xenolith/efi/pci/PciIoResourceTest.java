// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import org.xenolith.testkit.efi.PciIoContract;
import org.xenolith.testkit.efi.PciIoResourceContract;

/** Memory for devices, attributes and descriptions of BARs, of a function behind the kit's root bridge. */
class PciIoResourceTest extends PciIoResourceContract {
  @Override
  protected PciIoContract.Function function() {
    return new FunctionBehindAHost();
  }
}
