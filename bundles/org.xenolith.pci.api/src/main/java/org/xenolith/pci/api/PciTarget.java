// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** A function as its bus sees it. The kit has endpoints and bridges; a model needs its own only for what they can't do. */
@ConsumerType
public interface PciTarget {
  /** A configuration read of 1, 2 or 4 aligned bytes, zero-extended. */
  int readConfig(int offset, int size);

  /** A configuration write of 1, 2 or 4 aligned bytes. */
  void writeConfig(int offset, int size, int value);

  /**
   * What decodes an address on this function's bus now.
   *
   * @param io whether the address is in I/O space
   * @return null if nothing of it does
   */
  @Nullable
  PciAperture decode(boolean io, long address);

  /** Whether it decodes some of a range of addresses now. */
  default boolean decodesIn(boolean io, long base, long size) {
    return decode(io, base) != null || decode(io, base + size - 1) != null;
  }

  /** The bus behind it, if it is a bridge; else null. */
  default @Nullable PciBusPort secondary() {
    return null;
  }

  /** Of a bridge: whether a configuration access to a bus with this number passes it. */
  default boolean leadsTo(int bus) {
    return false;
  }

  /** Where it is plugged in; null if it doesn't say. */
  default @Nullable PciSlot slot() {
    return null;
  }

  /** Its base address registers as they are now, decoded or not; none if it doesn't say. */
  default List<PciBar> bars() {
    return List.of();
  }

  /** A conventional reset arrives: of the bus or the whole hierarchy. */
  void hotReset();

  /** The number of the bus it is on has changed, or what is upstream of it. */
  default void moved() {}
}
