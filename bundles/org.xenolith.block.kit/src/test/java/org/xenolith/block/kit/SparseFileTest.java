// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Zeros that take no room, and all else as it was. */
class SparseFileTest {
  private static final int SIZE = (8 << 20) + 5;

  @TempDir
  private Path folder;

  private Path scattered() throws IOException {
    Path from = folder.resolve("from");
    SparseFile.create(from, SIZE);
    try (RandomAccessFile disk = new RandomAccessFile(from.toFile(), "rw")) {
      for (long at : new long[] {0, 4095, (1 << 20) - 1, 5 << 20, SIZE - 1}) {
        disk.seek(at);
        disk.write(7);
      }
    }
    return from;
  }

  private static int bytes(Path file) throws IOException {
    Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
    return 512 * Integer.parseInt(new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
  }

  @Test
  void aCopyIsTheSameAndLeavesZerosOut() throws IOException {
    Path from = scattered();
    Path to = Files.writeString(folder.resolve("to"), "what was there");
    SparseFile.copy(from, to);
    assertArrayEquals(Files.readAllBytes(from), Files.readAllBytes(to));
    assertTrue(bytes(to) < 1 << 20, "most of it is zero, and it takes " + bytes(to));
    SparseFile.create(folder.resolve("zeros"), 4 << 20);
    SparseFile.copy(folder.resolve("zeros"), to);
    assertArrayEquals(new byte[4 << 20], Files.readAllBytes(to));
    try (var files = Files.list(folder)) {
      assertEquals(3, files.count(), "nothing is left behind");
    }
  }

  @Test
  void whatComesInDribsIsWrittenTheSame() throws IOException {
    byte[] content = Files.readAllBytes(scattered());
    InputStream dribs = new FilterInputStream(new ByteArrayInputStream(content)) {
      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        return super.read(into, offset, Math.min(length, 1000));
      }
    };
    Path to = folder.resolve("to");
    SparseFile.write(Channels.newChannel(dribs), to);
    assertArrayEquals(content, Files.readAllBytes(to));
    assertTrue(bytes(to) < 1 << 20, "most of it is zero, and it takes " + bytes(to));
    assertThrows(FileAlreadyExistsException.class, () -> SparseFile.write(Channels.newChannel(new ByteArrayInputStream(content)), to));
  }
}
