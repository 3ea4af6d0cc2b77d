// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.direct;

import java.util.function.LongSupplier;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.TimeAnswer;
import org.xenolith.efi.api.TimeServices;
import org.xenolith.efi.api.WakeupAnswer;
import org.xenolith.efi.kit.LocalTime;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.kit.SharedDate;

/**
 * The clock that a domain has where no EFI firmware drives the board's: what its shared_info says was the date at system time 0, and the system time since. That is how a paravirtualized kernel knows the date (public
 * header {@code xen.h}, wc_sec). As long as nobody has said a date there is no clock, which is {@code UNSUPPORTED} (UEFI 2.10, 8.3).
 */
final class SharedClock implements TimeServices {
  private static final long SECOND = 1_000_000_000L;
  /** As the clock's of a board: 32 bits of seconds from 1970 on, whatever a guest has written. */
  private static final long SECONDS = 0xFFFF_FFFFL;
  private static final int RESOLUTION = 1;

  private final Domain domain;
  private final SharedDate date;
  private final LongSupplier systemTime;

  /** @param systemTime nanoseconds since power-on, in virtual time */
  SharedClock(Domain domain, SharedDate date, LongSupplier systemTime) {
    this.domain = domain;
    this.date = date;
    this.systemTime = systemTime;
  }

  /** Whether somebody has said a date. */
  boolean known() {
    if (domain.sharedInfo() == 0) {
      return false;
    }
    date.of(domain);
    return date.known();
  }

  @Override
  public TimeAnswer getTime() {
    if (!known()) {
      return TimeAnswer.of(EfiStatus.UNSUPPORTED);
    }
    long since = Integer.toUnsignedLong(date.nanoseconds()) + systemTime.getAsLong();
    return new TimeAnswer(EfiStatus.SUCCESS, LocalTime.of(date.seconds() + since / SECOND & SECONDS, EfiTime.UNSPECIFIED, 0), RESOLUTION, 0,
        false);
  }

  /** A domain's own setting is kept beside this one. */
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
