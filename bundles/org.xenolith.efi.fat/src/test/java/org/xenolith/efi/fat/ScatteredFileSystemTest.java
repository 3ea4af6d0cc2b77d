// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import org.xenolith.testkit.efi.FatImage;

/** Files of a volume with 12 bits, no two clusters of which lie together. */
class ScatteredFileSystemTest extends FatFileSystemTest {
  @Override
  FatImage image() {
    return new FatImage(12, true);
  }
}
