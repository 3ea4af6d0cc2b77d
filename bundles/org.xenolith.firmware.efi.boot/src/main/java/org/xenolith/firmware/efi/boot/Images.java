// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.LinkedHashMap;
import java.util.Map;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.kit.EfiMemoryType;

/** Images that are loaded, by their handles. */
final class Images {
  /** Bytes of EFI_LOADED_IMAGE_PROTOCOL (UEFI 2.10, 9.1.1). */
  static final int SIZE = 96;
  static final int PARENT = 8;
  static final int SYSTEM_TABLE = 16;
  static final int DEVICE = 24;
  static final int FILE_PATH = 32;
  static final int BASE = 64;
  static final int IMAGE_SIZE = 72;
  static final int CODE_TYPE = 80;
  static final int DATA_TYPE = 84;
  static final int UNLOAD = 88;
  private static final int REVISION = 0x1000;
  // What an image is, in a record.
  private static final int APPLICATION = 1;
  private static final int BARRED = 2;

  /** One image. */
  static final class Image {
    final long information;
    final long base;
    final long pages;
    final long entry;
    final boolean application;
    /** The device path that it was loaded by, in the pool; 0: none. */
    final long path;
    boolean started;
    /** Whether it must not be started, though it was loaded. */
    boolean barred;
    /** What Exit was told: 0, or address and bytes of data that the image gave. */
    long exitData;
    long exitSize;

    Image(long information, long base, long pages, long entry, boolean application, long path) {
      this.information = information;
      this.base = base;
      this.pages = pages;
      this.entry = entry;
      this.application = application;
      this.path = path;
    }
  }

  private final Map<Long, Image> images = new LinkedHashMap<>();

  void clear() {
    images.clear();
  }

  /** The image of a handle. @throws EfiError INVALID_PARAMETER if it isn't one */
  Image image(long handle) {
    Image image = images.get(handle);
    if (image == null) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(handle) + ": no image");
    }
    return image;
  }

  void add(long handle, Image image) {
    images.put(handle, image);
  }

  void remove(long handle) {
    images.remove(handle);
  }

  /** Makes the firmware itself an image, which drivers are parts of. */
  long firmware(BootFirmware firmware) {
    long information = information(firmware, 0, 0, 0, 0, 0);
    return firmware.handles().install(0, Protocol.LOADED_IMAGE, information);
  }

  /** EFI_LOADED_IMAGE_PROTOCOL in memory. */
  static long information(BootFirmware firmware, long parent, long device, long filePath, long base, long size) {
    EfiRam memory = firmware.memory();
    long at = firmware.pool().allocate(EfiMemoryType.BOOT_SERVICES_DATA.number(), SIZE);
    memory.clear(at, SIZE);
    memory.put32(at, REVISION);
    memory.put64(at + PARENT, parent);
    memory.put64(at + SYSTEM_TABLE, firmware.systemTable());
    memory.put64(at + DEVICE, device);
    memory.put64(at + FILE_PATH, filePath);
    memory.put64(at + BASE, base);
    memory.put64(at + IMAGE_SIZE, size);
    memory.put32(at + CODE_TYPE, EfiMemoryType.BOOT_SERVICES_CODE.number());
    memory.put32(at + DATA_TYPE, EfiMemoryType.BOOT_SERVICES_DATA.number());
    return at;
  }

  byte[] save() {
    LongWriter out = new LongWriter();
    return out.all(images.entrySet(), each -> {
      Image image = each.getValue();
      out.put(each.getKey()).put(image.information).put(image.base).put(image.pages).put(image.entry).put((image.application ? APPLICATION
          : 0) | (image.barred ? BARRED : 0))
          .put(image.path).put(image.started ? 1 : 0).put(image.exitData).put(image.exitSize);
    }).bytes();
  }

  void restore(byte[] bytes) {
    LongReader in = new LongReader("images", bytes);
    clear();
    in.each(() -> {
      long handle = in.get();
      long information = in.get();
      long base = in.get();
      long pages = in.get();
      long entry = in.get();
      long kind = in.get();
      Image image = new Image(information, base, pages, entry, (kind & APPLICATION) != 0, in.get());
      image.barred = (kind & BARRED) != 0;
      image.started = in.get() != 0;
      image.exitData = in.get();
      image.exitSize = in.get();
      images.put(handle, image);
    });
  }
}
