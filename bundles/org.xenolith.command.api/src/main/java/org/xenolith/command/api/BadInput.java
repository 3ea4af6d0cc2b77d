// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.api;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The user asked for something that can't be; the message is for the user and says what, where and what helps. */
public final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** @param message for the user, without the program's name */
  public BadInput(String message) {
    super(message);
  }

  /**
   * What is wrong with a file that the user named.
   *
   * @param option where it was named, for example {@code --load}
   * @param file   the file
   * @param e      what became of it
   */
  public static BadInput of(String option, Path file, IOException e) {
    return new BadInput(option + " '" + file + "': " + switch (e) {
      case NoSuchFileException none -> "there is no " + none.getFile();
      case FileSystemException bad -> bad.getFile() + ": "
          + (bad.getReason() == null ? bad.getClass().getSimpleName().replace("Exception", "") : bad.getReason());
      default -> e.getMessage();
    });
  }
}
