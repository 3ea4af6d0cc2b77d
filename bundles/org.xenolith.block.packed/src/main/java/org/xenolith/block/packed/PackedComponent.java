// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.packed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Component;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.block.kit.ContentDisk;
import org.xenolith.block.kit.DiskFormats;
import org.xenolith.block.kit.ImageFile;

/** Opens raw images that are packed, by what was unpacked of them once. */
@Component(service = BlockDeviceFactory.class, property = "xenolith.format=packed")
public final class PackedComponent implements BlockDeviceFactory {
  private final Path cache;

  /** One that keeps what it unpacks in this user's cache folder. */
  public PackedComponent() {
    this(UnpackedImages.folder(System.getenv()));
  }

  PackedComponent(Path cache) {
    this.cache = cache;
  }

  @Override
  public BlockDevice open(Path image, Mode mode) throws IOException {
    return open(image.toString(), mode, Map.of());
  }

  @Override
  public BlockDevice open(String name, Mode mode, Map<String, String> settings) throws IOException {
    return open(name, mode, settings, line -> {});
  }

  @Override
  public BlockDevice open(String name, Mode mode, Map<String, String> settings, Consumer<String> progress) throws IOException {
    DiskFormats.requireOnly(name, settings);
    try (ImageFile image = ImageFile.open(Path.of(name), false)) {
      byte[] begin = new byte[(int) Math.min(image.length(), 16)];
      image.read(0, begin, 0, begin.length);
      Optional<Packing> packing = Packing.of(begin);
      if (packing.isEmpty()) {
        throw new IOException(name + ": is not packed with gzip, xz or zstd; leave out format=packed");
      }
      if (mode == Mode.WRITE_THROUGH) {
        throw new IOException(name + ": is packed (" + packing.get().word
            + "), and what is packed isn't written; leave out write, or unpack it, and name what comes out: " + packing.get().command + ' '
            + name);
      }
      return new ContentDisk(new UnpackedContent(name, new UnpackedImages(cache, progress).of(name, image, packing.get())), mode);
    }
  }

  @Override
  public String format() {
    return "packed";
  }

  @Override
  public String description() {
    return "a raw image packed with gzip, xz or zstd: read, unpacked once into the cache folder";
  }

  @Override
  public boolean recognises(byte[] begin, byte[] end) {
    return Packing.of(begin).isPresent();
  }
}
