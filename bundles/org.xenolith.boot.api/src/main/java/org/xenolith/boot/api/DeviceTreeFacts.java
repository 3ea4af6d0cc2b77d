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
 */
public record DeviceTreeFacts(String bootArguments, Optional<MemoryRange> initrd, List<MemoryRange> memory) {
    public DeviceTreeFacts {
        Objects.requireNonNull(bootArguments, "bootArguments");
        Objects.requireNonNull(initrd, "initrd");
        memory = List.copyOf(memory);
    }
}
