// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import org.jspecify.annotations.Nullable;

/**
 * What GetTime gives.
 *
 * @param status       how it went
 * @param time         the date; null unless the status is SUCCESS
 * @param resolution   of the clock, in 1/s
 * @param accuracy     of the clock, in 1e-6 parts per million
 * @param setsToZero   whether setting the time clears what is below the resolution (EFI_TIME_CAPABILITIES.SetsToZero)
 */
public record TimeAnswer(EfiStatus status, @Nullable EfiTime time, int resolution, int accuracy, boolean setsToZero) {
  /** An answer that is only a status. */
  public static TimeAnswer of(EfiStatus status) {
    return new TimeAnswer(status, null, 0, 0, false);
  }
}
