// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.xen.abi.AbiMemory;

/** A domain's RAM by intermediate physical address. */
@ProviderType
public interface DomainMemory extends AbiMemory {
  /**
   * Copies out.
   *
   * @return false if some of it isn't mapped RAM
   */
  boolean read(long ipa, byte[] to, int offset, int length);

  /**
   * Copies in.
   *
   * @return false if some of it isn't mapped RAM that may be written
   */
  boolean write(long ipa, byte[] from, int offset, int length);
}
