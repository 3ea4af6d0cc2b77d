// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.partition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Boot catalogues of discs (El Torito 1.0; UEFI 2.10, 13.3.2.1): functions of bytes. Only entries for EFI without emulation of a floppy or hard disk count. */
final class ElTorito {
  /** Bytes of a disc's block, whatever those of the device are. */
  static final int BLOCK = 2048;
  /** Where the record is that names the catalogue. */
  static final long RECORD = 17L * BLOCK;
  private static final byte[] STANDARD = "\0CD001\1EL TORITO SPECIFICATION".getBytes(StandardCharsets.US_ASCII);
  private static final int CATALOG_AT = 0x47;
  private static final int ENTRY = 32;
  private static final int VALIDATION = 1;
  private static final int KEY = 0xAA55;
  private static final int EFI = 0xEF;
  private static final int BOOTABLE = 0x88;
  private static final int SECTION = 0x90;
  private static final int LAST_SECTION = 0x91;
  private static final int MEDIA = 0x0F;
  private static final int SECTOR = 512;

  private ElTorito() {}

  /** An image to be booted. @param number its place among those that can be booted, from 0 on; @param first block of the disc; @param blocks how many; */
  record Image(int number, long first, long blocks) {}

  /** The block of the catalogue that a record names; nothing if it is none. @param blocks of the disc */
  static OptionalLong catalog(byte[] record, long blocks) {
    for (int i = 0; i < STANDARD.length; i++) {
      if (record[i] != STANDARD[i]) {
        return OptionalLong.empty();
      }
    }
    long at = Integer.toUnsignedLong(little(record).getInt(CATALOG_AT));
    return at > 0 && at < blocks ? OptionalLong.of(at) : OptionalLong.empty();
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Images that lie on the disc; none if the catalogue isn't whole. @param blocks of the disc */
  static List<Image> images(byte[] catalog, long blocks) {
    ByteBuffer in = little(catalog);
    int sum = 0;
    for (int at = 0; at < ENTRY; at += 2) {
      sum += in.getShort(at);
    }
    List<Image> found = new ArrayList<>();
    if (catalog[0] != VALIDATION || (in.getShort(30) & 0xFFFF) != KEY || (short) sum != 0) {
      return found;
    }
    int platform = catalog[1] & 0xFF;
    int number = 0;
    for (int at = ENTRY; at + ENTRY <= catalog.length; at += ENTRY) {
      int kind = catalog[at] & 0xFF;
      if (kind == SECTION || kind == LAST_SECTION) {
        platform = catalog[at + 1] & 0xFF;
      } else if (kind == BOOTABLE) {
        long first = Integer.toUnsignedLong(in.getInt(at + 8));
        long sectors = Short.toUnsignedLong(in.getShort(at + 6));
        // One sector says that nobody knows how many: up to the end.
        long count = sectors < 2 ? blocks - first : (sectors * SECTOR + BLOCK - 1) / BLOCK;
        if (platform == EFI && (catalog[at + 1] & MEDIA) == 0 && first > 0 && count > 0 && first < blocks && count <= blocks - first) {
          found.add(new Image(number, first, count));
        }
        number++;
      }
    }
    return found;
  }
}
