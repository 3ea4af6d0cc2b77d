// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import org.osgi.annotation.versioning.ConsumerType;

/** The runtime services that a hypervisor gives to domains: code in a domain's memory, which traps to the hypervisor. */
@ConsumerType
public interface GuestServices {
  /**
   * What a domain that is built now may expect: bits of EFI_RT_PROPERTIES_TABLE.RuntimeServicesSupported (UEFI 2.10, 4.6.2); 0 for
   * nothing, and then there is no code in its memory.
   */
  int supported();

  /**
   * A builder has put tables and code into a domain's memory; what was there before isn't any more.
   *
   * @param domain the number that no other domain of the machine ever has
   * @param memory its addresses are the domain's own (intermediate physical)
   */
  void placed(int domain, RuntimeMemory memory);
}
