// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvblk;

import org.xenolith.efi.boot.kit.FrontEnd;

/** Numbers of one PV block device's protocol. */
final class PvDisk {
  /** The device's protocol. */
  static final int DEVICE = FrontEnd.DEVICE;
  /** Pages that are granted, the ring's and the list's first; their references are in the third. */
  static final int GRANTED = FrontEnd.GRANTED;
  /** Event channel; 0: none. */
  static final int PORT = FrontEnd.PORT;
  /** Address of its pages: the ring, the list of an indirect request, the references, then those for data. */
  static final int PAGES = FrontEnd.NUMBERS;
  /** Pages for data: as many segments a request has at most. */
  static final int SEGMENTS = FrontEnd.NUMBERS + 1;
  /** What the back end can: bits. */
  static final int FEATURES = FrontEnd.NUMBERS + 2;
  /** Requests that were made. */
  static final int REQUESTS = FrontEnd.NUMBERS + 3;
  /** The event of the end of boot services. */
  static final int EVENT = FrontEnd.NUMBERS + 4;
  /** Whether the back end has lied. */
  static final int BROKEN = FrontEnd.NUMBERS + 5;
  /** The protocol that erases blocks; 0: there is none. */
  static final int ERASE = FrontEnd.NUMBERS + 6;
  /** Whether a request is under way. */
  static final int OPEN = FrontEnd.NUMBERS + 7;
  /** Whether the last one was refused. */
  static final int REFUSED = FrontEnd.NUMBERS + 8;
  static final int NUMBERS = FrontEnd.NUMBERS + 9;

  static final int FLUSH = 1;
  static final int DISCARD = 2;
  static final int INDIRECT = 4;

  static final int PAGE = 4096;
  /** Segments of a request that names them itself (BLKIF_MAX_SEGMENTS_PER_REQUEST). */
  static final int DIRECT_SEGMENTS = 11;
  /** Segments of one with a list, if the back end takes as many. */
  static final int MOST_SEGMENTS = 64;
  private static final int LIST = 1;
  private static final int REFERENCES_AT = 2;
  private static final int DATA = 3;

  private PvDisk() {}

  static long ring(long[] disk) {
    return disk[PAGES];
  }

  static long list(long[] disk) {
    return disk[PAGES] + LIST * PAGE;
  }

  static long data(long[] disk) {
    return disk[PAGES] + DATA * PAGE;
  }

  /** Pages that are allocated. */
  static long pages(long[] disk) {
    return DATA + disk[SEGMENTS];
  }

  /** Pages that are to be granted. */
  static long toGrant(long[] disk) {
    return 2 + disk[SEGMENTS];
  }

  /** The page that is granted as the number of this one. */
  static long granted(long[] disk, long number) {
    return disk[PAGES] + (number < 2 ? number : number + 1) * PAGE;
  }

  /** Where references of pages are kept. */
  static long references(long[] disk) {
    return disk[PAGES] + REFERENCES_AT * PAGE;
  }
}
