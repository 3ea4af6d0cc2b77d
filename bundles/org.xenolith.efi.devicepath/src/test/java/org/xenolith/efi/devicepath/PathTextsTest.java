// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.devicepath;

import org.xenolith.testkit.efi.DevicePathTextContract;
import org.xenolith.testkit.efi.OfferedProtocols;

/** The layer's texts keep the contract. */
class PathTextsTest extends DevicePathTextContract {
  @Override
  protected OfferedProtocols texts() {
    return OfferedProtocols.of(new PathLayer());
  }
}
