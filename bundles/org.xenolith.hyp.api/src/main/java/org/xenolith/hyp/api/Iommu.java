// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;

/** The driver of one SMMU: which domain's memory a stream reaches. A driver has one for each SMMU that it serves. */
@ConsumerType
public interface Iommu {
  /** Whether the hypervisor drives it: then no domain gets its node. */
  boolean driven();

  /** Whether the SMMU is driven, answers, and knows a stream. */
  boolean covers(long stream);

  /**
   * From now on a function, by its stream, reaches the domain's memory, by the domain's own stage 2, and nothing else.
   *
   * @return 0 or a negative errno: -ENODEV if the SMMU isn't driven or can't, -ENOMEM, -EBUSY; then it reaches what it did
   */
  int attach(int sbdf, long stream, Domain domain);

  /** From now on a function reaches nothing; what it tries is an event. Nothing happens if it wasn't attached here. */
  void detach(int sbdf);

  /** The PCI function that the IOMMU itself is, as {@link PciFunction#sbdf}, while the hypervisor drives it; -1 if it is none. */
  default int function() {
    return -1;
  }

  /** Whether messages of attached functions pass only if {@link #message} said so. */
  default boolean guardsMessages() {
    return false;
  }

  /**
   * Says whether a message of an attached function passes, on machines whose CPUs take messages themselves; nothing happens if the function
   * isn't attached here. An attached function's messages don't pass before.
   *
   * @param data what the function writes
   */
  default void message(int sbdf, int data, boolean passes) {}
}
