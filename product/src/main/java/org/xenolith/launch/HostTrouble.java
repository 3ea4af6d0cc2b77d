// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.List;

/** Trouble that is the host's and not ours. */
final class HostTrouble {

  /** How the system says that nothing more can be written (strerror(3): ENOSPC, EDQUOT, EFBIG). */
  private static final List<String> FULL = List.of("No space left on device", "Disk quota exceeded", "File too large");

  private HostTrouble() {}

  /** What the system said if a disk was full; else an empty text. */
  static String full(Throwable trouble) {
    for (Throwable at = trouble; at != null; at = at.getCause()) {
      String message = String.valueOf(at.getMessage());
      for (String full : FULL) {
        if (message.contains(full)) {
          return full;
        }
      }
    }
    return "";
  }
}
