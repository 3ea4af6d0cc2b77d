// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import org.jspecify.annotations.Nullable;

/**
 * What GetNextVariableName gives.
 *
 * @param status how it went
 * @param size   bytes of the name's text with its NUL; 0 unless the status is SUCCESS or BUFFER_TOO_SMALL
 * @param name   the next variable; null unless the status is SUCCESS
 */
public record NameAnswer(EfiStatus status, long size, @Nullable VariableName name) {
  /** An answer that is only a status. */
  public static NameAnswer of(EfiStatus status) {
    return new NameAnswer(status, 0, null);
  }
}
