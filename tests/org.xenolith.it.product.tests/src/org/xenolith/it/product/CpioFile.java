// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import java.nio.charset.StandardCharsets;

/** A cpio archive with one file, as the kernel unpacks first root file systems (Documentation/driver-api/early-userspace/buffer-format.rst). */
public final class CpioFile {
  private CpioFile() {}

  /** The archive. @param content ASCII */
  public static byte[] of(String name, String content) {
    StringBuilder archive = new StringBuilder();
    entry(archive, name, 0100644, content);
    entry(archive, "TRAILER!!!", 0, "");
    return archive.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static void entry(StringBuilder archive, String name, int mode, String content) {
    archive.append("070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x".formatted(0, mode, 0, 0, 1, 0, content.length(), 0, 0, 0, 0,
        name.length() + 1, 0)).append(name).append('\0');
    archive.append("\0".repeat(-archive.length() & 3)).append(content);
    archive.append("\0".repeat(-archive.length() & 3));
  }
}
