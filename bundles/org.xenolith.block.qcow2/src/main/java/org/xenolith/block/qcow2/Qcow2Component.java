// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.block.kit.ContentDisk;
import org.xenolith.block.kit.DiskFormats;

/** Opens images in qcow2. */
@Component(service = BlockDeviceFactory.class, property = "xenolith.format=qcow2")
public final class Qcow2Component implements BlockDeviceFactory {
  @Override
  public BlockDevice open(Path image, Mode mode) throws IOException {
    return open(image.toString(), mode, Map.of());
  }

  @Override
  public BlockDevice open(String name, Mode mode, Map<String, String> settings) throws IOException {
    DiskFormats.requireOnly(name, settings, ImageChain.BACKING);
    Path image = Path.of(name);
    return new ContentDisk(new ImageChain(image, Optional.ofNullable(settings.get(ImageChain.BACKING)).map(Path::of)).open(image, mode),
        mode);
  }

  @Override
  public String format() {
    return "qcow2";
  }

  @Override
  public String description() {
    return "QEMU's format, versions 2 and 3, with backing files: read and written";
  }

  @Override
  public boolean recognises(byte[] begin, byte[] end) {
    return begin.length >= 8 && ByteBuffer.wrap(begin).getInt(0) == Qcow2Header.MAGIC && ByteBuffer.wrap(begin).getInt(4) >= 2;
  }
}
