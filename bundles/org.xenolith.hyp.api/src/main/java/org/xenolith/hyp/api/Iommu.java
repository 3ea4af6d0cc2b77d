// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** The driver of the machine's SMMUs: which domain's memory a function reaches. The role {@code iommu}. */
@ConsumerType
public interface Iommu {
  /** Whether the requests of a function behind a host bridge go through an SMMU that is driven ({@code iommu-map}). */
  boolean covers(HostBridgePort bridge, int rid);

  /**
   * From now on the function reaches the domain's memory, by the domain's own stage 2, and nothing else.
   *
   * @return 0 or a negative errno: -ENODEV if no SMMU that is driven is on its way, -ENOMEM; then it reaches what it did
   */
  int attach(HostBridgePort bridge, int rid, Domain domain);

  /** From now on the function reaches nothing; what it tries is an event. */
  void detach(HostBridgePort bridge, int rid);

  /** Stream ids that a function's requests have, as the fabric tells them; empty if none is told. */
  List<Long> streams(HostBridgePort bridge, int rid);

  /** Paths of the nodes of SMMUs that the hypervisor drives: no domain gets them. */
  List<String> nodes();
}
