// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import java.util.Objects;

/**
 * A regular file to be placed in a guest's first root file system.
 *
 * @param path absolute path in the guest, for example {@code /bin/bench}
 * @param mode permission bits, for example {@code 0755}
 * @param content the bytes, not copied: the caller leaves them alone from here on
 */
public record GuestFile(String path, int mode, byte[] content) {
  public GuestFile {
    Objects.requireNonNull(content, "content");
    if (!path.startsWith("/") || path.endsWith("/") || path.contains("//") || path.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("guest file '" + path + "': expected an absolute path such as /bin/bench");
    }
    for (String segment : path.substring(1).split("/")) {
      if (segment.equals(".") || segment.equals("..")) {
        throw new IllegalArgumentException("guest file '" + path + "': '.' and '..' are not allowed in the path");
      }
    }
    if ((mode & ~07777) != 0) {
      throw new IllegalArgumentException(
          "guest file '" + path + "': mode 0" + Integer.toOctalString(mode) + " has more than permission bits");
    }
  }

  /** A program that everybody may run. */
  public static GuestFile executable(String path, byte[] content) {
    return new GuestFile(path, 0755, content);
  }
}
