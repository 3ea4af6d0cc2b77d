// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import static org.xenolith.command.api.OptionName.option;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;

/** Names files that are taken for kernels and are none that can be entered, by how they begin. */
public final class ForeignFile {
  private static final int TEXT_SAMPLE = 512;

  private ForeignFile() {}

  /** What the file is, with what helps, in sentences; empty for what may be code. */
  public static Optional<String> describe(byte[] file) {
    String what = null;
    if (begins(file, 0x202, "HdrS")) {
      what = "an x86 bzImage, which a PC boots when org.xenolith.boot.pvh is installed. For another board take a kernel for arm64.";
    } else if (begins(file, 0, "MZ")) {
      what = "an EFI program, which needs UEFI. Take a program that is entered without firmware.";
    } else if (begins(file, 0, "\u0027\u0005\u0019V")) {
      what = "a U-Boot uImage. Cut off its first 64 bytes.";
    } else if (begins(file, 0, "\u00d0\r\u00fe\u00ed")) {
      what = "a device tree (or a FIT image). Name a tree with " + option("dtb") + ", and take the kernel out of a FIT image.";
    } else if (begins(file, 0, "ANDROID!")) {
      what = "an Android boot image. Take the kernel out of it.";
    } else if (begins(file, 0, "\u00fd7zXZ") || begins(file, 0, "(\u00b5/\u00fd") || begins(file, 0, "BZh")
        || begins(file, 0, "\u0002!L\u0018") || begins(file, 0, "\u0004\"M\u0018") || begins(file, 0, "PK\u0003\u0004")) {
          what = "a compressed file. Unpack it; only an arm64 Image may be packed, with " + KernelUnpacker.PACKINGS + ".";
        } else if (isText(file)) {
          what = "text. Name a program.";
        }
    return Optional.ofNullable(what);
  }

  private static boolean begins(byte[] file, int offset, String magic) {
    byte[] bytes = magic.getBytes(ISO_8859_1);
    for (int i = 0; i < bytes.length; i++) {
      if (offset + i >= file.length || file[offset + i] != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isText(byte[] file) {
    int sample = Math.min(file.length, TEXT_SAMPLE);
    for (int i = 0; i < sample; i++) {
      int b = file[i] & 0xff;
      if (b < ' ' && b != '\n' && b != '\r' && b != '\t' || b == 0x7f) {
        return false;
      }
    }
    return sample > 0;
  }
}
