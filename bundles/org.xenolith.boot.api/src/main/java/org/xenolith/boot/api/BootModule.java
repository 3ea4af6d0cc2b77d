// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import java.util.Objects;

/**
 * A file that a boot loader places in memory beside the kernel, for the kernel to start in turn: a hypervisor's first guest.
 *
 * @param kind what it is, as the Multiboot binding for devicetrees names it: {@code kernel}, {@code ramdisk} …; with the
 *        name of a node below {@code /chosen} and a slash before it, it is for the domain that the node describes
 * @param data the file
 * @param arguments its command line, or an empty string
 */
public record BootModule(String kind, byte[] data, String arguments) {
  public BootModule {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(arguments, "arguments");
  }
}
