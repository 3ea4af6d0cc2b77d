// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.cloudinit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.block.kit.ContentDisk;
import org.xenolith.block.kit.DiskFormats;

/** Opens discs for cloud-init by the files that they are made of, {@code cloud-init:USER-DATA}. */
@Component(service = BlockDeviceFactory.class, property = "xenolith.format=cloud-init")
public final class CloudInitComponent implements BlockDeviceFactory {
  static final String ADDRESS = "cloud-init:";

  @Override
  public BlockDevice open(Path image, Mode mode) throws IOException {
    return open(image.toString(), mode, Map.of());
  }

  @Override
  public BlockDevice open(String name, Mode mode, Map<String, String> settings) throws IOException {
    DiskFormats.requireOnly(name, settings, CloudInitSeed.META_DATA, CloudInitSeed.NETWORK);
    if (mode == Mode.WRITE_THROUGH) {
      throw new IOException(name + ": is made of files for this machine, and isn't written; leave out write");
    }
    String file = names(name) ? name.substring(ADDRESS.length()) : name;
    return new ContentDisk(CloudInitSeed.of(name, Path.of(file), settings), mode);
  }

  @Override
  public boolean names(String text) {
    return text.startsWith(ADDRESS);
  }

  @Override
  public String format() {
    return "cloud-init";
  }

  @Override
  public String description() {
    return "a disc for cloud-init, made of files with user data, meta data and the network's configuration: read";
  }
}
