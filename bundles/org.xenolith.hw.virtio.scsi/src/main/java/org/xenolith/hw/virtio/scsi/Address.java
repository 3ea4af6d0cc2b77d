// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.scsi;

/** Whom a request is for: eight bytes (Virtual I/O Device 1.2, 5.6.6.1), of a request that begins with some before them. */
final class Address {
  /** Bytes of one. */
  static final int LENGTH = 8;
  /** Nobody's. */
  static final int NONE = -1;
  private static final int SINGLE_LEVEL = 1;
  private static final int METHOD = 0xC0;
  private static final int FLAT = 0x40;

  private Address() {}

  /** The target, or {@link #NONE} if the address is none of a target. */
  static int target(byte[] request, int at) {
    return request[at] == SINGLE_LEVEL ? request[at + 1] & 0xFF : NONE;
  }

  /** The unit in it by the peripheral or the flat form (SAM-5, 4.7.7), or {@link #NONE} for another form. */
  static int unit(byte[] request, int at) {
    int method = request[at + 2] & METHOD;
    boolean deeper = (request[at + 4] | request[at + 5] | request[at + 6] | request[at + 7]) != 0;
    return deeper || method != 0 && method != FLAT ? NONE : (request[at + 2] & ~METHOD & 0xFF) << 8 | request[at + 3] & 0xFF;
  }

  /** Writes that of a target's only unit, in the form that REPORT LUNS tells it: drivers know it by that. */
  static void write(byte[] into, int at, int target) {
    into[at] = SINGLE_LEVEL;
    into[at + 1] = (byte) target;
    for (int i = 2; i < LENGTH; i++) {
      into[at + i] = 0;
    }
  }
}
