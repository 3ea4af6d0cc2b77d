// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.raw;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Component;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory;

/** Opens raw disk images. */
@Component(service = BlockDeviceFactory.class, property = "xenolith.format=raw")
public final class RawImageComponent implements BlockDeviceFactory {
  @Override
  public BlockDevice open(Path image, Mode mode) throws IOException {
    return new RawImage(image, mode);
  }
}
