// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.nbd;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.block.kit.ContentDisk;
import org.xenolith.block.kit.DiskFormats;

/** Opens disks that NBD servers export. */
@Component(service = BlockDeviceFactory.class, property = "xenolith.format=nbd")
public final class NbdComponent implements BlockDeviceFactory {
  /** How long a server may be silent, in the middle of what is asked of it. */
  private static final int PATIENCE_MILLIS = 10_000;

  @Override
  public BlockDevice open(Path image, Mode mode) throws IOException {
    return open(image.toString(), mode, Map.of());
  }

  @Override
  public BlockDevice open(String name, Mode mode, Map<String, String> settings) throws IOException {
    DiskFormats.requireOnly(name, settings);
    return open(NbdAddress.of(name), mode, PATIENCE_MILLIS);
  }

  static BlockDevice open(NbdAddress address, Mode mode, int patienceMillis) throws IOException {
    ExportUse use = ExportUse.of(address, mode == Mode.WRITE_THROUGH);
    NbdWire wire = null;
    try {
      wire = new NbdWire(address, patienceMillis);
      NbdExport export = NbdExport.negotiate(wire, address.export());
      if (mode == Mode.WRITE_THROUGH && export.can(NbdExport.READ_ONLY)) {
        throw wire.broken(
            "the server gives it to be read only; leave the guest's writes in memory (overlay), or have the server let it be written");
      }
      return new ContentDisk(new NbdContent(address, wire, export, use), mode);
    } catch (IOException | RuntimeException e) {
      use.close();
      if (wire != null) {
        wire.close();
      }
      throw e;
    }
  }

  @Override
  public String format() {
    return "nbd";
  }

  @Override
  public String description() {
    return "nbd:unix:PATH, nbd:HOST:PORT or nbd://HOST/EXPORT, a disk that another program serves (qemu-nbd, nbdkit): read and written";
  }

  @Override
  public boolean names(String text) {
    return NbdAddress.is(text);
  }
}
