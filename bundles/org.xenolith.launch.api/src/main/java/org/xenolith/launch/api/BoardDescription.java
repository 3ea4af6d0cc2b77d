// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.api;

import java.util.List;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.boot.api.DeviceTreeFacts;
import org.xenolith.boot.api.GuestMemory;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.fdt.Fdt;

/** What firmware leaves in memory to describe a board by, where that isn't its device tree; made for one start of a kernel. */
@ConsumerType
public interface BoardDescription {
  /** RAM that it takes; kernel, first root file system and tree are put elsewhere. */
  List<MemoryRange> reserved();

  /** Physical address of the ACPI RSDP that it writes, for boot loaders whose kernels are told of it in another way than by {@link #load}'s tree. */
  default OptionalLong rootPointer() {
    return OptionalLong.empty();
  }

  /**
   * Writes what it takes RAM for.
   *
   * @param facts the command line and where the boot loader has put things
   * @return the tree that the kernel is entered with
   */
  Fdt load(GuestMemory memory, DeviceTreeFacts facts);
}
