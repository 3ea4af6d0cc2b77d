// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import org.xenolith.machine.api.RolePort;

/**
 * Port of the board's clock, at the firmware's node. Without a provider every call is NOT_READY: the clock is elsewhere for the moment, and
 * no date would be true.
 */
public final class ClockPort extends RolePort<TimeServices> implements TimeServices {
  @Override
  public TimeAnswer getTime() { return ask(TimeAnswer.of(EfiStatus.NOT_READY), TimeServices::getTime); }

  @Override
  public EfiStatus setTime(EfiTime time) {
    return ask(EfiStatus.NOT_READY, clock -> clock.setTime(time));
  }

  @Override
  public WakeupAnswer getWakeupTime() { return ask(WakeupAnswer.of(EfiStatus.NOT_READY), TimeServices::getWakeupTime); }

  @Override
  public EfiStatus setWakeupTime(boolean enable, EfiTime time) {
    return ask(EfiStatus.NOT_READY, clock -> clock.setWakeupTime(enable, time));
  }
}
