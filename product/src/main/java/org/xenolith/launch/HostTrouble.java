// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Trouble that is the host's and not ours. */
public final class HostTrouble {

  /** How the system says that nothing more can be written (strerror(3): ENOSPC, EDQUOT, EFBIG). */
  private static final List<String> FULL = List.of("No space left on device", "Disk quota exceeded", "File too large");

  /** How it says that a process has as many files open as it may (strerror(3): EMFILE, ENFILE). */
  private static final List<String> OPEN = List.of("Too many open files");

  private HostTrouble() {}

  /** Says that a run's folder was full, or that no more files may be open, and what to do, if that is what the trouble is; returns whether it is. */
  public static boolean isSaid(Throwable trouble, Path temporary) {
    if (!said(trouble, OPEN).isEmpty()) {
      System.err.println("xenolith: this run may not have as many files open as it needs (" + OPEN.getFirst()
          + "). Allow it more, for example with: ulimit -n 1024");
      return true;
    }
    String full = full(trouble);
    if (!full.isEmpty()) {
      System.err.println("xenolith: what this run keeps in " + temporary + " can't be written (" + full
          + "). Make room there, or set TMPDIR to a folder that has some.");
    }
    return !full.isEmpty();
  }

  /** What the system said if a disk was full; else an empty text. */
  static String full(Throwable trouble) {
    return said(trouble, FULL);
  }

  /**
   * Why something with a file could not be done, in words. The bundles' own words for it are in the contract of commands, which isn't
   * there yet, or no more, where the launcher speaks: few files are its own, so that the two that matter are all it knows.
   */
  public static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "you may not write " + denied.getFile();
      case NoSuchFileException none -> "there is no " + none.getFile();
      case FileSystemException bad when bad.getReason() != null -> bad.getFile() + ": " + bad.getReason();
      case FileSystemException bad -> bad.getFile() + ": the system refuses it";
      default -> e.getMessage() == null ? "the system gives no reason" : e.getMessage(); // own words: of ours, and strerror(3)'s
    };
  }

  private static String said(Throwable trouble, List<String> texts) {
    for (Throwable at = trouble; at != null; at = at.getCause()) {
      String message = String.valueOf(at.getMessage());
      for (String text : texts) {
        if (message.contains(text)) {
          return text;
        }
      }
    }
    return "";
  }
}
