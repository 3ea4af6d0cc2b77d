// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What translates the addresses of bus masters: a System MMU, an IOMMU. The fabric asks it for each 4 KiB page of an access, so that it
 * should have a TLB. Runs on the machine's thread.
 */
@ConsumerType
public interface DmaTranslator {
  /**
   * Translates an address.
   *
   * @param stream the requester as the fabric tells it ({@code iommu-map}, {@code iommus}; StreamID in terms of the SMMU)
   * @param write  whether the access writes
   * @return the physical address; what it says holds to the end of the 4 KiB page
   * @throws ExternalAbort if the access is refused; the translator has recorded why
   */
  long translate(long stream, long address, boolean write);

  /**
   * Takes a write that is an interrupt's message to this translator, in the place of {@link #translate}: one whose data it changes, too. The fabric asks
   * before each write of 1, 2, 4 or 8 bytes within a page.
   *
   * @param stream the requester as the fabric tells it
   * @param size   1, 2, 4 or 8 bytes
   * @return whether it was taken: the translator has sent what it stands for; else it goes on as any other write
   * @throws ExternalAbort if it is refused; the translator has recorded why
   */
  default boolean message(long stream, long address, int size, long value) {
    return false;
  }
}
