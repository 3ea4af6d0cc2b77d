// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

/**
 * What QueryVariableInfo gives; all sizes are bytes, and 0 unless the status is SUCCESS.
 *
 * @param status           how it went
 * @param maximumStorage   of all variables with such attributes together
 * @param remainingStorage of it that isn't used
 * @param maximumVariable  of one variable
 */
public record SpaceAnswer(EfiStatus status, long maximumStorage, long remainingStorage, long maximumVariable) {
  /** An answer that is only a status. */
  public static SpaceAnswer of(EfiStatus status) {
    return new SpaceAnswer(status, 0, 0, 0);
  }
}
