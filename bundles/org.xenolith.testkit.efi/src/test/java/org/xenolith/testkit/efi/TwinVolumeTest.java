// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.Map;

/** The correct volume keeps the contract. */
class TwinVolumeTest extends FileSystemContract {
  TwinVolume.Defect defect = TwinVolume.Defect.NONE;

  @Override
  protected Mounted mounted(Map<String, byte[]> files) {
    return new TwinVolume(defect, files);
  }
}
