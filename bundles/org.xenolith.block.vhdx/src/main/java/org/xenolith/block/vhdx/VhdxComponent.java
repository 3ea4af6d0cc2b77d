// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vhdx;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Component;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.block.kit.DiskContent;
import org.xenolith.block.kit.ImageFile;
import org.xenolith.block.kit.ReadFormat;

/** Opens images in VHDX. */
@Component(service = BlockDeviceFactory.class, property = "xenolith.format=vhdx")
public final class VhdxComponent extends ReadFormat {
  @Override
  protected DiskContent content(Path path, ImageFile image) throws IOException {
    return new VhdxContent(path.toString(), image);
  }

  @Override
  public String format() {
    return "vhdx";
  }

  @Override
  public String description() {
    return "Microsoft's format, fixed and dynamic: read";
  }

  @Override
  public boolean recognises(byte[] begin, byte[] end) {
    return VhdxStructure.begins(begin, VhdxStructure.FILE);
  }
}
