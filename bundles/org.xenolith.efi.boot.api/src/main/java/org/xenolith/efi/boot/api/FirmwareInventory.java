// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** What programs may know of firmware with boot services; for people there is {@link Inspection}, which is made of the same. Asked on the machine's thread only. */
@ProviderType
public interface FirmwareInventory {
  /** Firmware whose boot services are there: the machine's, then those of domains. Nothing changes; the guest's memory is read, by nobody's driver. */
  List<FirmwareFacts> firmwares();
}
