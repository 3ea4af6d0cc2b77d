// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vhd;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Component;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.block.kit.DiskContent;
import org.xenolith.block.kit.ImageFile;
import org.xenolith.block.kit.ReadFormat;

/** Opens images in VHD. */
@Component(service = BlockDeviceFactory.class, property = "xenolith.format=vhd")
public final class VhdComponent extends ReadFormat {
  @Override
  protected DiskContent content(Path path, ImageFile image) throws IOException {
    return new VhdContent(path.toString(), image);
  }

  @Override
  public String format() {
    return "vhd";
  }

  @Override
  public String description() {
    return "Microsoft's format before VHDX, fixed and dynamic: read";
  }

  @Override
  public boolean recognises(byte[] begin, byte[] end) {
    return VhdFooter.isThere(begin, 0) || end.length == VhdFooter.BYTES && (VhdFooter.isThere(end, 0) || VhdFooter.isThere(end, 1));
  }
}
