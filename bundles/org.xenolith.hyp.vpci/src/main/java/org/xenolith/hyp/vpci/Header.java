// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

/** Configuration registers and bits (PCI Express Base Specification 5.0, 7.5.1 to 7.5.3 and 7.7.1 to 7.7.2). */
final class Header {
  static final int ID = 0x00;
  static final int COMMAND = 0x04;
  static final int STATUS = 0x06;
  static final int CLASS = 0x08;
  static final int CACHE_LINE = 0x0C;
  static final int TYPE = 0x0E;
  static final int BARS = 0x10;
  /** Of a bridge: primary, secondary and subordinate bus number, a byte each; the byte behind them is no bus number. */
  static final int BUSES = 0x18;
  static final int SUBSYSTEM = 0x2C;
  static final int ROM = 0x30;
  static final int ROM_OF_BRIDGE = 0x38;
  static final int CAPABILITIES = 0x34;
  static final int INTERRUPT = 0x3C;
  /** Where capabilities begin. */
  static final int SPECIFIC = 0x40;
  /** Where extended capabilities begin. */
  static final int EXTENDED = 0x100;
  /** Bytes of a function's configuration space. */
  static final int SIZE = 0x1000;

  static final int IO = 1;
  static final int MEMORY = 1 << 1;
  static final int MASTER = 1 << 2;
  static final int SPECIAL = 1 << 3;
  static final int INVALIDATE = 1 << 4;
  static final int INTX_DISABLE = 1 << 10;

  /** Status: an interrupt is asserted. */
  static final int INTX_STATUS = 1 << 3;
  /** Status: there are capabilities. */
  static final int CAPABLE = 1 << 4;
  /** Status: errors that writing 1 clears. */
  static final int ERRORS = 0xF900;

  static final int MULTIFUNCTION = 0x80;
  static final int BRIDGE = 1;

  /** BARs of a type 0 header. */
  static final int BAR_COUNT = 6;
  /** BARs of a type 1 header. */
  static final int BRIDGE_BAR_COUNT = 2;
  static final int BAR_IO = 1;
  static final int BAR_TYPE = 6;
  static final int BAR_64 = 4;
  static final int BAR_FLAGS = 0xF;
  static final int ROM_ENABLE = 1;

  static final int CAP_POWER = 0x01;
  static final int CAP_MSI = 0x05;
  static final int CAP_VENDOR = 0x09;
  static final int CAP_EXPRESS = 0x10;
  static final int CAP_MSIX = 0x11;
  static final int CAP_ADVANCED = 0x13;
  static final int EXTENDED_SERIAL = 0x0003;
  static final int EXTENDED_VENDOR = 0x000B;

  private Header() {}

  /** All-ones of so many bytes. */
  static long none(int size) {
    return size == 8 ? -1 : (1L << 8 * size) - 1;
  }
}
