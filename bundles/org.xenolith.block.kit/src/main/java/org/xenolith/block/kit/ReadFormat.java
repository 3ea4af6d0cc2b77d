// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.kit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory;

/** A format whose images are read, and not written: what a guest writes stays in an overlay. It has no settings. */
public abstract class ReadFormat implements BlockDeviceFactory {
  /**
   * What is in an image.
   *
   * @param path  of the image, which is its name in messages
   * @param image the file; the content's to close, unless this throws
   * @throws IOException if it is none, says what can't be so, or isn't served; the message names the image and the remedy
   */
  protected abstract DiskContent content(Path path, ImageFile image) throws IOException;

  @Override
  public final BlockDevice open(Path image, Mode mode) throws IOException {
    return open(image.toString(), mode, Map.of());
  }

  @Override
  public final BlockDevice open(String name, Mode mode, Map<String, String> settings) throws IOException {
    DiskFormats.requireOnly(name, settings);
    if (mode == Mode.WRITE_THROUGH) {
      throw new IOException(name + ": is a " + format()
          + " image, which is read here and not written; leave out write, or make one that is written: qemu-img convert -O qcow2 " + name
          + ' ' + name + ".qcow2");
    }
    Path path = Path.of(name);
    ImageFile image = ImageFile.open(path, false);
    try {
      return new ContentDisk(content(path, image), mode);
    } catch (IOException | RuntimeException e) {
      image.close();
      throw e;
    }
  }
}
