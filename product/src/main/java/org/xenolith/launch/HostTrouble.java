// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.nio.file.Path;
import java.util.List;

/** Trouble that is the host's and not ours. */
public final class HostTrouble {

  /** How the system says that nothing more can be written (strerror(3): ENOSPC, EDQUOT, EFBIG). */
  private static final List<String> FULL = List.of("No space left on device", "Disk quota exceeded", "File too large");

  private HostTrouble() {}

  /** Says that a run's folder was full, and what to do, if that is what the trouble is; returns whether it is. */
  public static boolean isSaid(Throwable trouble, Path temporary) {
    String full = full(trouble);
    if (!full.isEmpty()) {
      System.err.println("xenolith: what this run keeps in " + temporary + " can't be written (" + full
          + "). Make room there, or set TMPDIR to a folder that has some.");
    }
    return !full.isEmpty();
  }

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
