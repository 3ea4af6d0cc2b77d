// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.direct;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.TimeAnswer;
import org.xenolith.efi.api.TimeServices;
import org.xenolith.efi.api.WakeupAnswer;

/**
 * The board's clock where no EFI firmware has booted the board: nobody drives one, or ever will, which is {@code UNSUPPORTED} (UEFI 2.10,
 * 8.3) and what {@code EFI_RT_PROPERTIES_TABLE} says beforehand.
 */
record NoClock() implements TimeServices {
  @Override
  public TimeAnswer getTime() { return TimeAnswer.of(EfiStatus.UNSUPPORTED); }

  @Override
  public EfiStatus setTime(EfiTime time) {
    return EfiStatus.UNSUPPORTED;
  }

  @Override
  public WakeupAnswer getWakeupTime() { return WakeupAnswer.of(EfiStatus.UNSUPPORTED); }

  @Override
  public EfiStatus setWakeupTime(boolean enable, EfiTime time) {
    return EfiStatus.UNSUPPORTED;
  }
}
