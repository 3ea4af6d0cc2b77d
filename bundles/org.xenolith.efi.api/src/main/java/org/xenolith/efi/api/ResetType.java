// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

/** EFI_RESET_TYPE; the ordinal is its number (UEFI 2.10, 8.5.1). */
public enum ResetType {
  /** The whole system, as by a power cycle. */
  COLD,
  /** The CPUs. */
  WARM,
  /** Power off. */
  SHUTDOWN,
  /** A cold one of a kind that a GUID in the data names. */
  PLATFORM_SPECIFIC;

  /** The type of a number; a cold reset for one that there isn't, as the specification asks for a reset in any case. */
  public static ResetType of(int number) {
    return number >= 0 && number < values().length ? values()[number] : COLD;
  }
}
