// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.Map;
import java.util.TreeMap;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;

/** Port of devices' interrupt lines, and of those who serve them for the hypervisor. Without a provider nothing interrupts; claims stay and are enabled by the next one. */
public final class HostInterruptsPort extends RolePort<HostInterrupts> implements HostInterrupts {
  private final Map<Integer, Claim> claims = new TreeMap<>();

  /**
   * Who serves an input.
   *
   * @param edge whether it is edge-triggered
   */
  public record Claim(HostInterrupt handler, boolean edge, DeviceContext owner) {}

  /**
   * Serves an input from now on, in the place of an earlier handler; one of the same trigger finds it enabled, and nothing is done to the controller.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public void claim(int input, boolean edge, HostInterrupt handler, DeviceContext owner) {
    if (input < 0) {
      throw new IllegalArgumentException("input " + input + ": expected 0 or more");
    }
    Claim before = claims.put(input, new Claim(handler, edge, owner));
    if (before == null || before.edge != edge) {
      hostInterrupt(input, edge, true);
    }
  }

  /** Serves it no longer, if the handler is still that one. */
  public void release(int input, HostInterrupt handler) {
    Claim claim = claims.get(input);
    if (claim != null && claim.handler == handler) {
      claims.remove(input);
      hostInterrupt(input, claim.edge, false);
    }
  }

  /** Who serves an input; null if nobody does. */
  public Claim claim(int input) {
    return claims.get(input);
  }

  /** Serves an input that a provider heard of. @return false if nobody claimed it */
  public boolean serve(CpuPort cpu, int input) {
    Claim claim = claims.get(input);
    if (claim == null) {
      return false;
    }
    try {
      claim.handler.interrupt(cpu, input);
    } catch (Throwable bug) {
      rethrowMemory(bug);
      release(input, claim.handler);
      claim.owner.failed(bug);
    }
    return true;
  }

  @Override
  public void hostInterrupt(int input, boolean edge, boolean on) {
    tell(lines -> lines.hostInterrupt(input, edge, on));
  }
}
