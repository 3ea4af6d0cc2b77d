// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vmdk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Component;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.block.kit.DiskContent;
import org.xenolith.block.kit.ImageFile;
import org.xenolith.block.kit.ReadFormat;

/** Opens images in VMDK. */
@Component(service = BlockDeviceFactory.class, property = "xenolith.format=vmdk")
public final class VmdkComponent extends ReadFormat {
  @Override
  protected DiskContent content(Path path, ImageFile image) throws IOException {
    return VmdkContent.of(path, image);
  }

  @Override
  public String format() {
    return "vmdk";
  }

  @Override
  public String description() {
    return "VMware's format, sparse, stream-optimized and flat: read";
  }

  @Override
  public boolean recognises(byte[] begin, byte[] end) {
    return begins(begin, SparseHeader.MARK) || begins(begin, ExtentList.MARK);
  }

  /** Whether a file begins so. */
  static boolean begins(byte[] bytes, String mark) {
    return bytes.length >= mark.length() && new String(bytes, 0, mark.length(), StandardCharsets.ISO_8859_1).equals(mark);
  }
}
