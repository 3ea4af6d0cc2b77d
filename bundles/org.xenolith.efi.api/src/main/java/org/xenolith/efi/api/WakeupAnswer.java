// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import org.jspecify.annotations.Nullable;

/**
 * What GetWakeupTime gives.
 *
 * @param status  how it went
 * @param enabled whether the alarm is set
 * @param pending whether it went off and waits to be acknowledged
 * @param time    when it goes off; null unless the status is SUCCESS
 */
public record WakeupAnswer(EfiStatus status, boolean enabled, boolean pending, @Nullable EfiTime time) {
  /** An answer that is only a status. */
  public static WakeupAnswer of(EfiStatus status) {
    return new WakeupAnswer(status, false, false, null);
  }
}
