// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiLayer;

/**
 * The numbers of the interface that a function is called with. A layer has several kinds, such as a driver's binding beside what the driver publishes, and a caller may take one for another: kinds
 * differ by how many numbers they have.
 */
public final class InterfaceNumbers {
  private InterfaceNumbers() {}

  /**
   * Those of a call's first argument.
   *
   * @param count how many an interface has that the function is for
   * @throws EfiError INVALID_PARAMETER if it is none of the layer's, or of another kind
   */
  public static long[] of(Call call, EfiLayer layer, int count) {
    long[] numbers = call.firmware().numbers(layer, call.argument(0));
    if (numbers.length != count) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(call.argument(0)) + ": another kind of interface of " + layer
          .name());
    }
    return numbers;
  }
}
