// SPDX-License-Identifier: EPL-2.0
package org.xenolith.display;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.console.api.Picture;

class ScreenFileTest {
  @TempDir
  private Path folder;

  @Test
  void aFileHasEachPixel() throws IOException {
    Random random = new Random(1);
    Picture picture = new Picture(37, 11, random.ints(37 * 11, 0, 1 << 24).toArray());
    ScreenFile.write(picture, folder.resolve("one.png"));
    BufferedImage read = ImageIO.read(folder.resolve("one.png").toFile());
    assertEquals(37, read.getWidth());
    assertEquals(11, read.getHeight());
    for (int y = 0; y < 11; y++) {
      for (int x = 0; x < 37; x++) {
        assertEquals(picture.at(x, y), read.getRGB(x, y) & 0xFF_FFFF, x + "," + y);
      }
    }
  }
}
