// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What of the machine a domain may have: frames of devices, to be mapped into it, and physical interrupts, as Xen keeps them in two sets
 * of ranges for each domain. The hardware domain begins with what its builder gives it, others with nothing. It isn't what they have:
 * that is in stage 2 and at the interrupt controller. Who gives a permission must have it: who serves the hypercall sees to that.
 */
@ProviderType
public interface HardwarePermissions {
  /** Interrupt numbers are below this: those of shared lines end at 1019 on Arm (IHI 0069H, 2.2). */
  int INTERRUPTS = 1024;

  /** Neighbouring frames, the last one among them. */
  record Frames(long first, long last) {
    /** Two numbers in order, as 52 bits of address have them. */
    public Frames {
      if (first < 0 || last < first || last >= 1L << 40) {
        throw new IllegalArgumentException("frames 0x" + Long.toHexString(first) + " to 0x" + Long.toHexString(last)
            + ": expected two in order, below 0x10000000000");
      }
    }

    @Override
    public String toString() {
      return first == last ? Long.toHexString(first) : Long.toHexString(first) + "-" + Long.toHexString(last);
    }
  }

  /** Whether all of some neighbouring frames may be mapped. */
  boolean mayMap(Frames frames);

  /** Permits frames. @return false if there is no room for another range: nothing changed */
  boolean permit(Frames frames);

  /** Permits frames no longer; what is mapped stays. @return false if there is no room for the rests: nothing changed */
  boolean forbid(Frames frames);

  /** All frames that are permitted, in order. */
  List<Frames> frames();

  /** Whether a physical interrupt may be the domain's; false for what is no interrupt. */
  boolean mayHave(int intid);

  /**
   * Permits an interrupt or forbids it.
   *
   * @throws IllegalArgumentException if it isn't below {@link #INTERRUPTS}
   */
  void interrupt(int intid, boolean permitted);

  /** All interrupts that are permitted, in order. */
  List<Integer> interrupts();
}
