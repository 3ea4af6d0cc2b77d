// SPDX-License-Identifier: EPL-2.0
package org.xenolith.display;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.xenolith.console.api.Picture;

/** Pictures as files (PNG). */
final class ScreenFile {
  private ScreenFile() {}

  static void write(Picture picture, Path file) throws IOException {
    BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, picture.width(), picture.height(), picture.pixels(), 0, picture.width());
    // Nothing of it is put into files of the host's on the way.
    ImageIO.setUseCache(false);
    try (OutputStream out = Files.newOutputStream(file)) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IOException("this Java runtime has no writer for PNG");
      }
    }
  }
}
