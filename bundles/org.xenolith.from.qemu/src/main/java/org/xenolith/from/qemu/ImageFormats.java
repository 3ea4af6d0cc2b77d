// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Formats of images as QEMU names them. */
final class ImageFormats {
  /** What disks here are opened as, by their content. */
  private static final Set<String> SERVED = Set.of("raw", "qcow2");
  /** What is read, and not written. */
  private static final Set<String> READ = Set.of("vmdk", "vhdx", "vpc");
  private static final Set<String> OTHERS = Set.of("qcow2", "qcow", "vmdk", "vdi", "vhdx", "vpc", "qed");

  private ImageFormats() {}

  /** What a file is by its name, as far as that says it. */
  static String of(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    String end = name.substring(name.lastIndexOf('.') + 1);
    return OTHERS.contains(end) ? end : end.equals("vhd") ? "vpc" : "raw";
  }

  /** Whether an image that is no file can be a disk here: one that an NBD server has, by its address without QEMU's word for an export. */
  static boolean served(String image) {
    return image.startsWith("nbd:") && !image.contains(":exportname=");
  }

  /** Why an image of a format can't be a disk here; empty if it can. */
  static Optional<String> refusal(String format, boolean written) {
    if (SERVED.contains(format) || READ.contains(format) && !written || format.indexOf(ShellWords.PUT_IN) >= 0) {
      return Optional.empty();
    }
    return Optional.of(READ.contains(format)
        ? "images of this format are read here and not written: qemu-img convert -O qcow2 FILE FILE.qcow2, and name that, or say snapshot=on"
        : "images are raw, qcow2, VMDK, VHD or VHDX here: qemu-img convert -O raw FILE FILE.raw, and name that");
  }
}
