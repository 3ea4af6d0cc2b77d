// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;

/** Room of a call for what a device reads or writes that wants its buffers aligned (IoAlign of UEFI's protocols). */
public final class AlignedRoom {
  private static final long MOST = 4096;

  private AlignedRoom() {}

  /**
   * As much room, at a multiple of an alignment.
   *
   * @param alignment 0 or 1: any place will do
   * @throws EfiError UNSUPPORTED if it is no power of two, or more than a page
   */
  public static long of(Call call, int bytes, long alignment) {
    if (alignment < 0 || alignment > MOST || Long.bitCount(alignment) > 1) {
      throw new EfiError(EfiStatus.UNSUPPORTED, "buffers at multiples of " + alignment);
    }
    long each = Math.max(1, alignment);
    return call.room(bytes + (int) each - 1) + each - 1 & -each;
  }
}
