// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * EFI's runtime services that a guest can call, without the guest's memory: values in, values out (UEFI 2.10, chapter 8). Each way in
 * (code in the guest's memory that traps, a hypercall) fetches the values from where its callers put them and puts the answers
 * there; what a service does is the same for all of them. SetVirtualAddressMap and ConvertPointer concern one way only and are its own.
 *
 * <p>A caller's pointer that is null, or a name without a NUL, is refused by the way in, as INVALID_PARAMETER. Runs on the machine's
 * thread; nothing here throws for what a guest asks.
 */
@ConsumerType
public interface RuntimeServices extends VariableServices, TimeServices {
  /**
   * Hands capsules to the firmware.
   *
   * @param scatterGatherList physical address of the list of their pieces
   */
  EfiStatus updateCapsule(List<CapsuleHeader> capsules, long scatterGatherList);

  /** Whether and how UpdateCapsule would take these. */
  CapsuleAnswer queryCapsuleCapabilities(List<CapsuleHeader> capsules);

  /**
   * Resets or powers off the machine, after the current instruction.
   *
   * @param status why, as the caller says; any 64 bits
   * @param data   a text with its NUL, for PLATFORM_SPECIFIC followed by a GUID; may be empty
   */
  void resetSystem(ResetType type, long status, byte[] data);
}
