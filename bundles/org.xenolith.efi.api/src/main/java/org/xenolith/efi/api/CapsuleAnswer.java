// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import org.jspecify.annotations.Nullable;

/**
 * What QueryCapsuleCapabilities gives.
 *
 * @param status      how it went
 * @param maximumSize bytes that UpdateCapsule takes; 0 unless the status is SUCCESS
 * @param reset       the reset that the capsules need; null unless the status is SUCCESS
 */
public record CapsuleAnswer(EfiStatus status, long maximumSize, @Nullable ResetType reset) {
  /** An answer that is only a status. */
  public static CapsuleAnswer of(EfiStatus status) {
    return new CapsuleAnswer(status, 0, null);
  }
}
