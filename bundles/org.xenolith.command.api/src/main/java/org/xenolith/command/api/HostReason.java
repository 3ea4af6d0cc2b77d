// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.api;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipException;

/**
 * Why something with a file or a host could not be done, in words. What Java has for a message of its exceptions is the file's name, the
 * name of a class, a text for programmers, or nothing; this is the one place that puts them into words. Messages of ours, and the
 * system's own (strerror(3)), are words and stay.
 *
 * @param text the words, with the file that it is about where the exception names one
 */
public record HostReason(String text) {
  private static final String DENIED = "it may not be read or written by you; give yourself the right, or name another";

  /** How java.lang tells of a text that is no number. */
  private static final String NUMBER = "For input string: ";

  /** How java.io tells a file and the system's words of it. */
  private static final Pattern NOT_FOUND = Pattern.compile("(.*) \\(([^()]*)\\)", Pattern.DOTALL);

  /** The reason of an exception. */
  public static HostReason of(Exception e) {
    return new HostReason(words(e));
  }

  private static String words(Exception e) {
    return switch (e) {
      case NoSuchFileException none -> "there is no " + none.getFile();
      case AccessDeniedException denied -> denied.getFile() + ": " + DENIED;
      case FileAlreadyExistsException there -> there.getFile() + ": " + (there.getReason() == null ? "it is there already" : there
          .getReason());
      case NotDirectoryException file -> file.getFile() + ": this is no folder";
      case DirectoryNotEmptyException full -> full.getFile() + ": the folder isn't empty";
      case FileSystemLoopException loop -> loop.getFile() + ": its links lead in a circle";
      case FileSystemException bad -> bad.getFile() + ": " + (bad.getReason() == null ? "the system refuses it" : system(bad.getReason()));
      case FileNotFoundException none -> notFound(String.valueOf(none.getMessage()));
      case CharacterCodingException text -> "it is no text in UTF-8";
      case EOFException end -> "it ends too early";
      case ZipException damage -> "what is packed in it isn't what was packed";
      case ClosedChannelException closed -> "it was closed while it was used";
      case UnknownHostException host -> "the host " + host.getMessage() + " isn't known";
      case ConnectException nobody when nobody.getMessage() == null -> "the host doesn't answer, or refuses";
      case SocketTimeoutException late -> "the host doesn't answer in time";
      case UncheckedIOException wrapped -> words(wrapped.getCause());
      case InvalidPathException name -> "no file can have this name here (" + name.getReason() + ")";
      case NumberFormatException number when number.getMessage() != null && number.getMessage().startsWith(NUMBER) ->
          "expected a number, got "
              + number.getMessage().substring(NUMBER.length());
      case IOException other when other.getClass().getName().startsWith("javax.net.ssl.") -> "its host can't be trusted ("
          + other.getMessage() + ")"; // by its name, so that no framework needs to offer that package
      default -> e.getMessage() == null ? "the system gives no reason" : system(e.getMessage());
    };
  }

  /** The reason, for a text that names the file already: without its name. */
  public static HostReason of(Path named, Exception e) {
    String text = words(e);
    if (text.equals("there is no " + named)) {
      return new HostReason("there is no such file");
    }
    return new HostReason(text.startsWith(named + ": ") ? text.substring(named.toString().length() + 2) : text);
  }

  private static String notFound(String message) {
    Matcher parts = NOT_FOUND.matcher(message);
    if (!parts.matches()) {
      return "there is no " + message;
    }
    return parts.group(2).equals("No such file or directory") ? "there is no " + parts.group(1) : parts.group(1) + ": " + system(parts
        .group(
            2));
  }

  /** strerror(3)'s words stay, but for those that leave open what to do. */
  private static String system(String text) {
    return switch (text) {
      case "Permission denied", "Operation not permitted" -> DENIED;
      case "Is a directory" -> "this is a folder";
      case "Not a directory" -> "what should be a folder on the way there is none";
      case "Stream closed", "Stream Closed" -> "it was closed while it was used";
      default -> text;
    };
  }
}
