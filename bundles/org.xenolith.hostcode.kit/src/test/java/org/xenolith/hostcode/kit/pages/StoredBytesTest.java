// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.hostcode.kit.HostCode;

/** Code of a file is where it is executed when a page is given blocks of it, and what nobody was given isn't. */
class StoredBytesTest {
  private static final int PIECE = 4096;
  /** It begins, and ends, in the middle of a page. */
  private static final int BEFORE = 500;
  private static final int ORIGIN = PIECE + BEFORE;
  private static final int SIZE = 20 * PIECE + 100;
  /** Bytes of the file before its code. */
  private static final int DESCRIBED = 777;

  private final HostCode host = HostCode.map(Translations.SIZE);
  private final byte[] all = new byte[SIZE];
  @TempDir
  private Path folder;
  private Path path;
  private FileChannel file;
  private StoredBytes stored;

  @BeforeEach
  void store() throws IOException {
    for (int i = 0; i < SIZE; i++) {
      all[i] = (byte) (i % 251 + 1);
    }
    byte[] whole = new byte[DESCRIBED + SIZE];
    System.arraycopy(all, 0, whole, DESCRIBED, SIZE);
    path = Files.write(folder.resolve("kept.code"), whole);
    file = FileChannel.open(path);
    stored = new StoredBytes(file, DESCRIBED, SIZE, ORIGIN, host);
  }

  @AfterEach
  void close() {
    stored.close();
    assertFalse(file.isOpen());
  }

  private void isThere(int from, int to) {
    byte[] expected = new byte[ORIGIN + SIZE + PIECE];
    System.arraycopy(all, from, expected, ORIGIN + from, to - from);
    byte[] found = new byte[expected.length];
    host.bytes(0, found.length).get(found);
    assertArrayEquals(expected, found);
  }

  @Test
  void whatIsAskedForIsThereWithItsPagesOfTheHost() throws IOException {
    isThere(0, 0);
    stored.bring(ORIGIN + 2 * PIECE - 1, ORIGIN + 2 * PIECE + 1);
    isThere(2 * PIECE - BEFORE, 3 * PIECE - BEFORE);
    stored.bring(ORIGIN + PIECE, ORIGIN + 2 * PIECE - BEFORE);
    isThere(PIECE - BEFORE, 3 * PIECE - BEFORE);
    stored.bring(ORIGIN + SIZE - 1, ORIGIN + SIZE);
    stored.bring(ORIGIN, ORIGIN + SIZE - PIECE);
    isThere(0, SIZE);
  }

  @Test
  void whatIsThereStaysAsItWasChanged() throws IOException {
    stored.bring(ORIGIN + PIECE, ORIGIN + PIECE + 20);
    host.patchJump(ORIGIN + PIECE + 16, ORIGIN + PIECE + 20);
    Arrays.fill(all, PIECE + 16, PIECE + 20, (byte) 0);
    stored.bring(ORIGIN + PIECE + 100, ORIGIN + PIECE + 101);
    stored.bring(ORIGIN, ORIGIN + 3 * PIECE);
    stored.bringAll();
    isThere(0, SIZE);
  }

  /** Its code would be zeros up to the end of the host's page, and a fault of the process behind that. */
  @Test
  void aFileThatIsCutIsFoundOutAndWhatIsThereStays() throws IOException {
    stored.bring(ORIGIN, ORIGIN + 2 * PIECE - BEFORE);
    isThere(0, 2 * PIECE - BEFORE);
    try (FileChannel other = FileChannel.open(path, StandardOpenOption.WRITE)) {
      other.truncate(DESCRIBED + 3 * PIECE);
    }
    stored.bring(ORIGIN + 2 * PIECE - BEFORE, ORIGIN + 3 * PIECE - BEFORE);
    assertThrows(IOException.class, () -> stored.bring(ORIGIN + 3 * PIECE - BEFORE, ORIGIN + 3 * PIECE));
    assertThrows(IOException.class, () -> stored.bring(ORIGIN + 9 * PIECE, ORIGIN + 9 * PIECE + 1));
    assertThrows(IOException.class, stored::bringAll);
    isThere(0, 3 * PIECE - BEFORE);
  }
}
