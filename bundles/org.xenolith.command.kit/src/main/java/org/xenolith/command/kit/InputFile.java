// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.kit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads files that a user named. What is no ordinary file (a device, a pipe, a folder) and what is larger than any such file can
 * be is refused before anything is read of it: reading it could take for ever or fill the memory.
 */
public final class InputFile {
  /** Most bytes of what a guest is given as a whole: a kernel, a first root file system, a module. */
  public static final long GUEST = 1L << 30;
  /** Most bytes of what a person writes: a scenario, a domain's configuration. */
  public static final long WRITTEN = 16L << 20;
  private static final long MEBIBYTE = 1L << 20;

  private InputFile() {}

  /**
   * Refuses what can't be such a file.
   *
   * @param most bytes that it may have
   * @throws IOException if it isn't there, is no ordinary file or has more; the message says which, for a reader who knows the file
   */
  public static void check(Path file, long most) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (Files.isDirectory(file)) {
      throw new IOException("a folder, not a file");
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException("a device, a pipe or a socket, not a file; write what comes of it to a file first");
    }
    long size = Files.size(file);
    if (size > most) {
      throw tooLarge(size, most);
    }
  }

  private static IOException tooLarge(long size, long most) {
    return new IOException("has " + size + " bytes, more than the " + most / MEBIBYTE + " MiB that such a file can have");
  }

  /** Reads a whole file. @throws IOException as {@link #check} does, or if it can't be read */
  public static byte[] read(Path file, long most) throws IOException {
    check(file, most);
    try (InputStream in = Files.newInputStream(file)) {
      // A file may grow, and one of the system's tells a size of zero.
      byte[] content = in.readNBytes((int) Math.min(most + 1, Integer.MAX_VALUE - 8));
      if (content.length > most) {
        throw tooLarge(content.length, most);
      }
      return content;
    }
  }

  /** Reads a whole file as text in UTF-8. @throws java.nio.charset.CharacterCodingException if it is none */
  public static String text(Path file, long most) throws IOException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(read(file, most))).toString();
  }
}
