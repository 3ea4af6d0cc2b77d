// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A guest's software, ready for a {@link BootLoader}. The arrays belong to the receiver's use: nobody changes them.
 *
 * @param name the source's name
 * @param kernel the kernel file as it was found (an arm64 {@code Image}, perhaps compressed)
 * @param initrd the first root file system; empty for a guest that has none
 * @param commandLine the guest's default kernel command line; the user's words are appended to it
 * @param provenance where each part comes from
 * @param deviceTrees the folder of board trees (*.dtb, in a folder per vendor) that came with the kernel
 */
public record GuestImage(String name, byte[] kernel, Optional<byte[]> initrd, String commandLine,
    List<Provenance> provenance, Optional<Path> deviceTrees) {
  public GuestImage {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kernel, "kernel");
    Objects.requireNonNull(initrd, "initrd");
    Objects.requireNonNull(commandLine, "commandLine");
    Objects.requireNonNull(deviceTrees, "deviceTrees");
    provenance = List.copyOf(provenance);
  }
}
