// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Serves one hypercall number. */
@FunctionalInterface
@ConsumerType
public interface HypercallHandler {
  /**
   * Does what the domain asks.
   *
   * @return what the guest finds in x0: 0 or more, or a negative errno as {@code org.xenolith.xen.abi.XenErrno} has them
   */
  long call(Hypercall call);

  /** What is declared of the call's sub-operations, by number; empty if argument 0 is none, or none is declared. */
  default List<? extends HypercallOperation> operations() {
    return List.of();
  }
}
