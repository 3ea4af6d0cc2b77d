// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;

/**
 * The resources of an image (Microsoft, PE Format, "The .rsrc Section"): a tree of directories by kind, name and language. UEFI knows one kind, which is named
 * {@code HII} (2.10, 7.4.1 and 33.3.1.2).
 *
 * @param memory the guest's, in which the image has its place already
 * @param image  what its file's headers say
 * @param base   where it is
 */
record PeResources(EfiRam memory, PeImage image, long base) {
  private static final String KIND = "HII";
  private static final int DIRECTORY = 16;
  private static final int ENTRY = 8;
  private static final int LEAF = 16;
  /** Levels below the kinds: names and languages. */
  private static final int LEVELS = 2;
  /** In an entry: the name is a text's place, or what it leads to is a directory. */
  private static final long PLACE = 0x8000_0000L;
  /** EFI_HII_PACKAGE_LIST_HEADER and a package without anything, its end. */
  private static final int LEAST = 24;

  /**
   * Address of the package list that an image has for the HII database; 0: none.
   *
   * @throws EfiError LOAD_ERROR if its resources lead out of them, or the list out of the image
   */
  long packageList() {
    if (length() == 0) {
      return 0;
    }
    if (start() + length() > image.size()) {
      throw outside(start());
    }
    int named = memory.get16(at(0, DIRECTORY) + 12);
    for (int i = 0; i < named; i++) {
      long entry = at(DIRECTORY + (long) ENTRY * i, ENTRY);
      if (isKind(memory.get32(entry))) {
        return list(memory.get32(entry + 4));
      }
    }
    return 0;
  }

  private long start() {
    return image.resources() & 0xFFFF_FFFFL;
  }

  private long length() {
    return image.resources() >>> 32;
  }

  private static EfiError outside(long offset) {
    return new EfiError(EfiStatus.LOAD_ERROR, "an image's resources lead to offset 0x" + Long.toHexString(offset) + ", outside of them");
  }

  /** Address of bytes that are said by their offset from the resources' beginning. */
  private long at(long offset, int bytes) {
    if (offset + bytes > length()) {
      throw outside(start() + offset);
    }
    return base + start() + offset;
  }

  private boolean isKind(long name) {
    if ((name & PLACE) == 0) {
      return false;
    }
    long place = name & ~PLACE;
    if (memory.get16(at(place, Short.BYTES)) != KIND.length()) {
      return false;
    }
    long text = at(place + Short.BYTES, Short.BYTES * KIND.length());
    for (int i = 0; i < KIND.length(); i++) {
      if (memory.get16(text + (long) Short.BYTES * i) != KIND.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The first name's first language, as edk2 takes it. */
  private long list(long first) {
    long to = first;
    for (int level = 0; level < LEVELS && (to & PLACE) != 0; level++) {
      long directory = at(to & ~PLACE, DIRECTORY + ENTRY);
      if (memory.get32(directory + 12) == 0) { // numbers of both sorts of entries
        throw outside(start() + (to & ~PLACE));
      }
      to = memory.get32(directory + DIRECTORY + 4);
    }
    if ((to & PLACE) != 0) {
      throw outside(start() + (to & ~PLACE));
    }
    long leaf = at(to, LEAF);
    long offset = memory.get32(leaf);
    long bytes = memory.get32(leaf + 4);
    if (bytes < LEAST || offset + bytes > image.size()) {
      throw new EfiError(EfiStatus.LOAD_ERROR, "an image of " + image.size() + " bytes has a package list of " + bytes
          + " bytes at offset 0x"
          + Long.toHexString(offset));
    }
    return base + offset;
  }
}
