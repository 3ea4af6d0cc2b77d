// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFileTest {
  @TempDir
  Path folder;
  private Path image;

  @BeforeEach
  void makeAnImage() throws IOException {
    image = Files.write(folder.resolve("disk.img"), new byte[] {1, 2, 3, 4});
  }

  @Test
  void readersShareAnImageAndKeepWritersOffUntilTheLastOneHasGone() throws IOException {
    ImageFile one = ImageFile.open(image, false);
    ImageFile two = ImageFile.open(image, false);
    refused(true, "is in use by another disk or machine of this process");
    one.close();
    one.close(); // once is enough, and counts once
    refused(true, "is in use");
    byte[] read = new byte[2];
    two.read(1, read, 0, 2);
    assertArrayEquals(new byte[] {2, 3}, read);
    two.close();
    ImageFile.open(image, true).close();
  }

  /** By whatever name it is opened. */
  @Test
  void writerIsAlone() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link.img"), image);
    try (ImageFile writer = ImageFile.open(link, true)) {
      refused(true, "is in use");
      refused(false, "is being written");
      writer.write(0, new byte[] {9}, 0, 1);
      writer.flush();
      assertEquals(4, writer.length());
    }
    assertArrayEquals(new byte[] {9, 2, 3, 4}, Files.readAllBytes(image));
  }

  @Test
  void fileThatBecameShorterIsNamed() throws IOException {
    try (ImageFile file = ImageFile.open(image, false)) {
      IOException shorter = assertThrows(IOException.class, () -> file.read(2, new byte[4], 0, 4));
      assertEquals(image + ": can't be read: the file has become shorter", shorter.getMessage());
    }
  }

  private void refused(boolean write, String says) {
    String message = assertThrows(IOException.class, () -> ImageFile.open(image, write)).getMessage();
    assertTrue(message.startsWith(image + ": " + says) && message.contains("give this machine a copy"), message);
  }
}
