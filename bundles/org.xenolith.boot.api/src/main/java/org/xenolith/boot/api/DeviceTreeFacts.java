// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a boot loader needs written into the device tree.
 *
 * @param bootArguments {@code /chosen/bootargs}
 * @param initrd {@code /chosen/linux,initrd-start} and {@code linux,initrd-end} (the end is exclusive)
 * @param memory the RAM that {@code /memory} nodes must name
 * @param modules nodes {@code module@…}, compatible with {@code multiboot,module}, in {@code /chosen} or a domain's node there
 */
public record DeviceTreeFacts(String bootArguments, Optional<MemoryRange> initrd, List<MemoryRange> memory,
    List<Module> modules) {
  /**
   * One module where the boot loader put it.
   *
   * @param kind as in {@link BootModule}
   * @param range its bytes in memory
   * @param arguments {@code bootargs} of its node, which has none if this is empty
   */
  public record Module(String kind, MemoryRange range, String arguments) {}


  public DeviceTreeFacts {
    Objects.requireNonNull(bootArguments, "bootArguments");
    Objects.requireNonNull(initrd, "initrd");
    memory = List.copyOf(memory);
    modules = List.copyOf(modules);
  }

  /** Facts without modules. */
  public DeviceTreeFacts(String bootArguments, Optional<MemoryRange> initrd, List<MemoryRange> memory) {
    this(bootArguments, initrd, memory, List.of());
  }
}
