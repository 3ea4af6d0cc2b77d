// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64.api;

import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;

/** The interrupt vectors of the machine's CPUs (Intel SDM volume 3, 7.2), of which subsystems that drive what interrupts get theirs. What comes with a vector that nobody has is ended, and lost. */
public final class HostVectorsPort {
  /** The first vector that there is to have. */
  public static final int FIRST = 0x30;
  /** The last one; those above are the core's own. */
  public static final int LAST = 0xEF;

  private final Claim[] claims = new Claim[LAST + 1];

  private record Claim(HostVector handler, DeviceContext owner) {}

  /**
   * Serves a vector.
   *
   * @param wanted the vector, in the place of who served it, for who had it before it was replaced or restored; -1 for a free one
   * @return the vector, or -1 if none is free
   * @throws IllegalArgumentException if there is no such vector to have
   */
  public int claim(int wanted, HostVector handler, DeviceContext owner) {
    if (wanted != -1 && (wanted < FIRST || wanted > LAST)) {
      throw new IllegalArgumentException("vector " + wanted + ": expected " + FIRST + " to " + LAST + ", or -1");
    }
    int vector = wanted;
    for (int free = FIRST; vector < 0 && free <= LAST; free++) {
      vector = claims[free] == null ? free : -1;
    }
    if (vector >= 0) {
      claims[vector] = new Claim(handler, owner);
    }
    return vector;
  }

  /** Serves it no longer, if the handler is still that one. */
  public void release(int vector, HostVector handler) {
    if (vector >= FIRST && vector <= LAST && claims[vector] != null && claims[vector].handler == handler) {
      claims[vector] = null;
    }
  }

  // ---- For the core

  /** A CPU took an interrupt. @return false if nobody serves it */
  public boolean serve(CpuPort cpu, int vector) {
    Claim claim = vector >= FIRST && vector <= LAST ? claims[vector] : null;
    if (claim == null) {
      return false;
    }
    try {
      claim.handler.interrupt(cpu, vector);
    } catch (Throwable bug) {
      RolePort.rethrowMemory(bug);
      release(vector, claim.handler);
      claim.owner.failed(bug);
    }
    return true;
  }
}
