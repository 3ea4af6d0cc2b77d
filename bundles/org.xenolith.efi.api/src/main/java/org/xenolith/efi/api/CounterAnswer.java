// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

/**
 * What GetNextHighMonotonicCount gives.
 *
 * @param status how it went
 * @param high   the high 32 bits of the monotonic counter; 0 unless the status is SUCCESS
 */
public record CounterAnswer(EfiStatus status, int high) {
  /** An answer that is only a status. */
  public static CounterAnswer of(EfiStatus status) {
    return new CounterAnswer(status, 0);
  }
}
