// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.DeviceContext;

/** Port: system registers of guests whose accesses trap. A claim of a register replaces an earlier one. */
public final class SystemRegistersPort {
  /** System registers that somebody answers, ascending, and who does. */
  private int[] registers = {};
  private final List<Claim> answers = new ArrayList<>();

  /**
   * One claim.
   *
   * @param handler what answers
   * @param owner   whose it is
   */
  public record Claim(RegisterTrap handler, DeviceContext owner) {}

  /** Answers trapped system registers, as packed by {@code SystemRegister.id}. */
  public void claim(RegisterTrap handler, DeviceContext owner, int... ids) {
    Claim claim = new Claim(handler, owner);
    for (int id : ids) {
      int at = Arrays.binarySearch(registers, id);
      if (at >= 0) {
        answers.set(at, claim);
      } else {
        answers.add(-1 - at, claim);
        registers = Arrays.copyOf(registers, registers.length + 1);
        registers[registers.length - 1] = id;
        Arrays.sort(registers);
      }
    }
  }

  /** Takes back all that a handler claimed. */
  public void release(RegisterTrap handler) {
    registers = Arrays.stream(registers).filter(id -> register(id).handler != handler).toArray();
    answers.removeIf(claim -> claim.handler == handler);
  }

  /** What answers a system register, or null. */
  public @Nullable Claim register(int id) {
    int at = Arrays.binarySearch(registers, id);
    return at < 0 ? null : answers.get(at);
  }
}
