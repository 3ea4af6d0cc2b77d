// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtio.mmio;

/** A transport's first version (Virtio 1.2, 4.2.4). */
class LegacyMmioTransportDeviceTest extends MmioTransportDeviceTest {
  @Override
  int version() {
    return 1;
  }
}
