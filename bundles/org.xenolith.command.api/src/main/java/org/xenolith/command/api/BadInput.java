// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.api;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/** The user asked for something that can't be; the message is for the user and says what, where and what helps. */
public final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** @param message for the user, without the program's name; options in it are named by {@link OptionName#option} */
  public BadInput(String message) {
    super(message);
  }

  /** What is wrong with the value of an option. */
  public static BadInput at(String option, Object value, String message) {
    return new BadInput(OptionName.option(option) + " '" + value + "': " + message);
  }

  /** The same about an option, whose value its message begins with. */
  public BadInput about(String option) {
    return new BadInput(OptionName.option(option) + " " + getMessage());
  }

  /** Name of the option that is at fault, the first that the message names. */
  public Optional<String> option() {
    return OptionName.first(getMessage()).map(OptionName::name);
  }

  /**
   * What is wrong with a file that the user named.
   *
   * @param what   what named it: an option ({@link OptionName#option}), or a word
   * @param file   the file
   * @param e      what became of it
   */
  public static BadInput of(String what, Path file, IOException e) {
    return new BadInput(what + " '" + file + "': " + reason(e));
  }

  /** In words: what Java has for a message of these is the file's name, the name of a class, or nothing. */
  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException none -> "there is no " + none.getFile();
      case AccessDeniedException denied -> denied.getFile()
          + ": it may not be read or written by you; give yourself the right, or name another";
      case FileAlreadyExistsException there -> there.getFile() + ": it is there already";
      case NotDirectoryException file -> file.getFile() + ": this is no folder";
      case DirectoryNotEmptyException full -> full.getFile() + ": the folder isn't empty";
      case FileSystemLoopException loop -> loop.getFile() + ": its links lead in a circle";
      case FileSystemException bad -> bad.getFile() + ": " + (bad.getReason() == null ? "the system refuses it" : bad.getReason());
      case CharacterCodingException text -> "it is no text in UTF-8";
      case EOFException end -> "it ends too early";
      default -> e.getMessage() == null ? "the system gives no reason" : e.getMessage();
    };
  }
}
