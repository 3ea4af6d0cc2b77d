// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.devicepath;

import org.xenolith.testkit.efi.DevicePathUtilitiesContract;
import org.xenolith.testkit.efi.OfferedProtocols;

/** The layer's utilities keep the contract. */
class PathUtilitiesTest extends DevicePathUtilitiesContract {
  @Override
  protected OfferedProtocols utilities() {
    return OfferedProtocols.of(new PathLayer());
  }
}
