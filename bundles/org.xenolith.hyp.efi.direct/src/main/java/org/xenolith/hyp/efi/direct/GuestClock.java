// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.direct;

import java.util.function.Function;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.TimeAnswer;
import org.xenolith.efi.api.TimeServices;
import org.xenolith.efi.api.VariableServices;
import org.xenolith.efi.api.WakeupAnswer;
import org.xenolith.efi.kit.KeptZone;
import org.xenolith.efi.kit.LocalTime;

/**
 * The clock of one domain: the board's, and how the domain has set it. The board's clock itself is never set. An alarm tells when it was due;
 * it wakes no domain, for one that is off isn't there any more.
 */
final class GuestClock implements TimeServices {
  /** Dates are as a board's clock has them: 32 bits of seconds from 1970 on. */
  private static final long SECONDS = 0xFFFF_FFFFL;

  private final TimeServices board;
  private final DomainClocks.Clock kept;
  private final KeptZone zone;

  /**
   * A view of what is kept.
   *
   * @param board     the board's clock
   * @param variables of the domain, which keep its zone
   */
  GuestClock(TimeServices board, DomainClocks.Clock kept, VariableServices variables) {
    this.board = board;
    this.kept = kept;
    zone = new KeptZone(variables);
  }

  private long now(TimeAnswer answer) {
    return LocalTime.seconds(answer.time()) + kept.settings().ahead() & SECONDS;
  }

  /** Does something with the time of the board's clock, unless that can't be read. */
  private <T> T withBoard(Function<EfiStatus, T> otherwise, Function<TimeAnswer, T> work) {
    TimeAnswer answer = board.getTime();
    return answer.status() == EfiStatus.SUCCESS ? work.apply(answer) : otherwise.apply(answer.status());
  }

  @Override
  public TimeAnswer getTime() {
    return withBoard(TimeAnswer::of, answer -> new TimeAnswer(EfiStatus.SUCCESS, zone.date(now(answer)), answer.resolution(), answer
        .accuracy(), answer.setsToZero()));
  }

  /** UNSUPPORTED for a date that 32 bits of seconds from 1970 on don't reach. */
  @Override
  public EfiStatus setTime(EfiTime time) {
    if (!time.isValid()) {
      return EfiStatus.INVALID_PARAMETER;
    }
    long seconds = LocalTime.seconds(time);
    if ((seconds & ~SECONDS) != 0) {
      return EfiStatus.UNSUPPORTED;
    }
    return withBoard(status -> status, answer -> {
      if (!zone.keep(time)) {
        return EfiStatus.DEVICE_ERROR;
      }
      ClockSettings old = kept.settings();
      kept.set(new ClockSettings(seconds - LocalTime.seconds(answer.time()), old.alarm(), seconds, old.enabled(), old.isDue(now(answer))));
      return EfiStatus.SUCCESS;
    });
  }

  @Override
  public WakeupAnswer getWakeupTime() {
    return withBoard(WakeupAnswer::of, answer -> {
      ClockSettings settings = kept.settings();
      return new WakeupAnswer(EfiStatus.SUCCESS, settings.enabled(), settings.enabled() && settings.isDue(now(answer)), zone.date(settings
          .alarm()));
    });
  }

  @Override
  public EfiStatus setWakeupTime(boolean enable, EfiTime time) {
    if (enable && time != null && !time.isValid()) {
      return EfiStatus.INVALID_PARAMETER;
    }
    long seconds = enable && time != null ? LocalTime.seconds(time) : kept.settings().alarm();
    if ((seconds & ~SECONDS) != 0) {
      return EfiStatus.UNSUPPORTED;
    }
    return withBoard(status -> status, answer -> {
      kept.set(new ClockSettings(kept.settings().ahead(), seconds, now(answer), enable, false));
      return EfiStatus.SUCCESS;
    });
  }
}
