// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

/** The correct disk keeps the contract. */
class TwinMediumTest extends BlockIoContract {
  TwinMedium.Defect defect = TwinMedium.Defect.NONE;

  @Override
  protected Medium medium() {
    return new TwinMedium(defect, false);
  }

  @Override
  protected Medium writeProtected() {
    return new TwinMedium(defect, true);
  }
}
