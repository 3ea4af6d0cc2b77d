// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.raw;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.block.kit.ContentDisk;
import org.xenolith.block.kit.DiskFormats;
import org.xenolith.block.kit.OverlayRoom;

/** Opens raw disk images, and what no other format knows. */
@Component(service = BlockDeviceFactory.class, property = {"xenolith.format=raw", "service.ranking:Integer=1000"})
public final class RawImageComponent implements BlockDeviceFactory {
  @Override
  public BlockDevice open(Path image, Mode mode) throws IOException {
    return open(image, mode, OverlayRoom.PROCESS);
  }

  static BlockDevice open(Path image, Mode mode, OverlayRoom room) throws IOException {
    return new ContentDisk(new RawContent(image, mode, false), mode, room);
  }

  @Override
  public BlockDevice open(String name, Mode mode, Map<String, String> settings) throws IOException {
    DiskFormats.requireOnly(name, settings);
    return new ContentDisk(new RawContent(Path.of(name), mode, settings.containsKey(DiskFormats.FORMAT)), mode);
  }

  @Override
  public String format() {
    return DiskFormats.RAW;
  }

  @Override
  public String description() {
    return "a file whose bytes are the disk's: read and written";
  }
}
