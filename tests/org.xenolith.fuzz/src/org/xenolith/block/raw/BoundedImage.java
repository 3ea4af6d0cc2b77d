// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.raw;

import java.io.IOException;
import java.nio.file.Path;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.block.kit.OverlayRoom;

/** A disk whose overlay has little room, which only its own package can choose. */
public final class BoundedImage {
  private BoundedImage() {}

  /** @param most bytes of what is written */
  public static BlockDevice open(Path image, long most) throws IOException {
    return RawImageComponent.open(image, Mode.OVERLAY, new OverlayRoom(most));
  }
}
