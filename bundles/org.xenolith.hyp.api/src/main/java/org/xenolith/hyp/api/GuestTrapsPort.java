// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;

/**
 * Port: what guests reach by trapping, other than hypercalls: windows of addresses, and firmware. A claim replaces an earlier one of the same subsystem
 * ({@code DeviceContext.instance}) and kind.
 */
public final class GuestTrapsPort {
  private final List<Claim<GuestMmio>> windows = new ArrayList<>();
  private final List<Claim<GuestFirmware>> firmware = new ArrayList<>();

  /**
   * One claim.
   *
   * @param handler what answers
   * @param owner   whose it is
   */
  public record Claim<T>(T handler, DeviceContext owner) {}

  /** Answers at addresses of guests. */
  public void claim(GuestMmio handler, DeviceContext owner) {
    put(windows, handler, owner);
  }

  /** Answers calls of firmware. */
  public void claim(GuestFirmware handler, DeviceContext owner) {
    put(firmware, handler, owner);
  }

  /** Takes back all that a handler claimed. */
  public void release(Object handler) {
    windows.removeIf(claim -> claim.handler == handler);
    firmware.removeIf(claim -> claim.handler == handler);
  }

  private static <T> void put(List<Claim<T>> claims, T handler, DeviceContext owner) {
    claims.removeIf(claim -> claim.owner.instance().equals(owner.instance()));
    claims.add(new Claim<>(handler, owner));
    claims.sort((a, b) -> a.owner.instance().compareTo(b.owner.instance()));
  }

  /** What answers at an address of a domain, or null. */
  public @Nullable Claim<GuestMmio> window(Domain domain, long ipa) {
    for (int i = 0; i < windows.size(); i++) {
      if (windows.get(i).handler.covers(domain, ipa)) {
        return windows.get(i);
      }
    }
    return null;
  }

  /** What answers a function of firmware, or null: of several the first by name of its subsystem. */
  public @Nullable Claim<GuestFirmware> firmware(int function) {
    for (int i = 0; i < firmware.size(); i++) {
      if (firmware.get(i).handler.answers(function)) {
        return firmware.get(i);
      }
    }
    return null;
  }

  /**
   * Has firmware answer.
   *
   * @param arguments as {@link GuestFirmware#call} has them
   * @return false if it threw: it is taken out, and nobody has answered
   */
  public boolean call(Claim<GuestFirmware> claim, Vcpu vcpu, long[] arguments) {
    try {
      claim.handler.call(vcpu, arguments);
      return true;
    } catch (Throwable bug) {
      release(claim.handler);
      claim.owner.failed(RolePort.rethrowMemory(bug));
      return false;
    }
  }
}
