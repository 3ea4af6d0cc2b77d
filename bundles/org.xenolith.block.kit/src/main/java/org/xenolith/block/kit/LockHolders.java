// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.kit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who has locked a file, for a message: Linux tells it (proc_locks(5)). */
final class LockHolders {
  private static final Path LOCKS = Path.of("/proc/locks");
  /** Number, kind, mode, process (-1: it belongs to an open file, as QEMU's), device and inode. */
  private static final Pattern LINE = Pattern.compile("\\d+: \\S+ +\\S+ +\\S+ +(\\d+) +[0-9a-f]+:[0-9a-f]+:(\\d+) .*");

  private LockHolders() {}

  /** "process 1234", or "another program" if nobody knows. */
  static String of(Path file) {
    try {
      String inode = Files.getAttribute(file, "unix:ino").toString();
      for (String line : Files.readAllLines(LOCKS, StandardCharsets.UTF_8)) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches() && matcher.group(2).equals(inode)) {
          return "process " + matcher.group(1);
        }
      }
    } catch (IOException | RuntimeException e) {
      // Another system, or none of our business.
    }
    return "another program";
  }
}
