// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.hii;

import org.xenolith.testkit.efi.HiiStringContract;
import org.xenolith.testkit.efi.OfferedProtocols;

/** The layer's protocols keep the contracts. */
class HiiStringsTest extends HiiStringContract {
  @Override
  protected OfferedProtocols hii() {
    return OfferedProtocols.of(new HiiLayer());
  }
}
