// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

/**
 * What GetVariable gives.
 *
 * @param status     how it went
 * @param attributes the variable's; 0 unless the status is SUCCESS or BUFFER_TOO_SMALL
 * @param size       bytes of the variable; 0 unless the status is SUCCESS or BUFFER_TOO_SMALL
 * @param data       its bytes; empty unless the status is SUCCESS. Owned by who gets them
 */
public record VariableAnswer(EfiStatus status, int attributes, long size, byte[] data) {
  /** An answer that is only a status. */
  public static VariableAnswer of(EfiStatus status) {
    return new VariableAnswer(status, 0, 0, new byte[0]);
  }
}
