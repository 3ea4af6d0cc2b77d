// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci;

/** What the header of a function says of what it is and what is behind it (PCI Express Base 4.0, 7.5.1.1.9 and 7.5.1.3). */
final class Header {
  /** Header Type, 8 bits. */
  static final int TYPE = 0x0E;
  /** Of a bridge: the bus right behind it, 8 bits. */
  static final int SECONDARY = 0x19;
  /** Of a bridge: the last bus behind it, 8 bits. */
  static final int SUBORDINATE = 0x1A;
  private static final int LAYOUT = 0x7F;
  private static final int MULTI_FUNCTION = 0x80;

  private Header() {}

  /** Whether a header type is an endpoint's. */
  static boolean endpoint(int type) {
    return (type & LAYOUT) == 0;
  }

  /** Whether a header type is a bridge's. */
  static boolean bridge(int type) {
    return (type & LAYOUT) == 1;
  }

  /** Whether a header type says that its device has several functions. */
  static boolean severalFunctions(int type) {
    return (type & MULTI_FUNCTION) != 0;
  }
}
