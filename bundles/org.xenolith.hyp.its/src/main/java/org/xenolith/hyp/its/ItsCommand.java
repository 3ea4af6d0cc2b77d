// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.its;

/**
 * A command of an ITS, 32 bytes (Arm IHI 0069H, 5.3); the fourth word only MOVALL has.
 *
 * @param word0 operation 7:0, DeviceID 63:32
 * @param word1 EventID 31:0 or bits of it less one 4:0, INTID 63:32
 * @param word2 collection 15:0, ITT address 51:8 or RDbase 51:16, Valid 63
 * @param word3 second RDbase 51:16
 */
record ItsCommand(long word0, long word1, long word2, long word3) {
  static final int BYTES = 32;
  static final int MOVI = 0x01;
  static final int INT = 0x03;
  static final int CLEAR = 0x04;
  static final int SYNC = 0x05;
  static final int MAPD = 0x08;
  static final int MAPC = 0x09;
  static final int MAPTI = 0x0A;
  static final int MAPI = 0x0B;
  static final int INV = 0x0C;
  static final int INVALL = 0x0D;
  static final int MOVALL = 0x0E;
  static final int DISCARD = 0x0F;
  private static final long VALID = 1L << 63;

  static ItsCommand mapDevice(int device, int bits, long table) {
    return new ItsCommand((long) device << 32 | MAPD, bits - 1, VALID | table, 0);
  }

  static ItsCommand unmapDevice(int device) {
    return new ItsCommand((long) device << 32 | MAPD, 0, 0, 0);
  }

  static ItsCommand mapCollection(int collection, int processor) {
    return new ItsCommand(MAPC, 0, VALID | (long) processor << 16 | collection, 0);
  }

  static ItsCommand mapEvent(int device, int event, int lpi, int collection) {
    return new ItsCommand((long) device << 32 | MAPTI, (long) lpi << 32 | event, collection, 0);
  }

  static ItsCommand moveEvent(int device, int event, int collection) {
    return new ItsCommand((long) device << 32 | MOVI, event, collection, 0);
  }

  /** CLEAR, INV or DISCARD of an event. */
  static ItsCommand event(int operation, int device, int event) {
    return new ItsCommand((long) device << 32 | operation, event, 0, 0);
  }

  static ItsCommand sync(int processor) {
    return new ItsCommand(SYNC, 0, (long) processor << 16, 0);
  }

  int operation() {
    return (int) word0 & 0xFF;
  }

  long device() {
    return word0 >>> 32;
  }

  long event() {
    return word1 & 0xFFFF_FFFFL;
  }

  long intid() {
    return word1 >>> 32;
  }

  /** Bits of an EventID. */
  int bits() {
    return ((int) word1 & 0x1F) + 1;
  }

  int collection() {
    return (int) word2 & 0xFFFF;
  }

  boolean isValid() { return word2 < 0; }

  /** RDbase: a processor number. */
  long processor() {
    return word2 >>> 16 & 0xF_FFFF_FFFFL;
  }

  /** The second RDbase. */
  long secondProcessor() {
    return word3 >>> 16 & 0xF_FFFF_FFFFL;
  }

  @Override
  public String toString() {
    return "command %016x %016x %016x %016x".formatted(word0, word1, word2, word3);
  }
}
