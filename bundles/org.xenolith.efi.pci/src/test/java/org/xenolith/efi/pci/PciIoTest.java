// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import org.xenolith.testkit.efi.PciIoContract;

/** How registers of a function behind the kit's root bridge are accessed. */
class PciIoTest extends PciIoContract {
  @Override
  protected Function function() {
    return new FunctionBehindAHost();
  }
}
