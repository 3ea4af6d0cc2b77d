// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Hears of changes of stage 2, for those who keep translations of their own: an SMMU's driver. */
@FunctionalInterface
@ConsumerType
public interface P2mListener {
  /** Valid entries of a domain's tables changed or went; CPUs were told already. */
  void changed(Domain domain);
}
