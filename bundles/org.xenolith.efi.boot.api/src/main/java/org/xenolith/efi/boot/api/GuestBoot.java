// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import org.osgi.annotation.versioning.ProviderType;

/** The firmware's core for guests of a hypervisor: each has firmware of its own, made of the same layers. */
@ProviderType
public interface GuestBoot {
  /** Registers that a call returns values in: x0 to x6. */
  int RESULTS = 7;

  /** Whether a function identifier (w0, Arm DEN 0028) is one of the firmware's program. */
  boolean answers(int function);

  /**
   * Answers the program in a guest.
   *
   * @param guest     who called
   * @param registers x0 to x7; the first {@link #RESULTS} are what it finds
   */
  void call(BootGuest guest, long[] registers);

  /** Whether a guest has entered its firmware, and boot services aren't over. @param guest its number */
  boolean hasBootServices(int guest);

  /** A guest is no more. @param guest its number */
  void gone(int guest);
}
