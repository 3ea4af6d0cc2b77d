// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An address of IPv4 or IPv6: 16 bytes, most significant first, an address of IPv4 in the place of the mapped ones (RFC 4291 2.5.5.2).
 * No packet of IPv6 with a mapped address is let in, so that each has one meaning.
 */
record InternetAddress(long high, long low) {
  private static final long MAPPED = 0xFFFFL << 32;
  static final InternetAddress UNSPECIFIED4 = four(0);
  static final InternetAddress BROADCAST4 = four(-1);

  static InternetAddress four(int address) {
    return new InternetAddress(0, MAPPED | address & 0xFFFF_FFFFL);
  }

  /** An address of IPv4 in a packet. */
  static InternetAddress four(byte[] bytes, int at) {
    return four(HeaderFields.word(bytes, at));
  }

  /** An address of IPv6 in a packet. */
  static InternetAddress six(byte[] bytes, int at) {
    return new InternetAddress(HeaderFields.doubleWord(bytes, at), HeaderFields.doubleWord(bytes, at + 8));
  }

  static InternetAddress of(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4 ? four(bytes, 0) : six(bytes, 0);
  }

  boolean isFour() { return high == 0 && low >>> 32 == 0xFFFF; }

  /** The 32 bits of an address of IPv4. */
  int word() {
    return (int) low;
  }

  /** Writes it, 4 or 16 bytes. */
  void write(byte[] bytes, int at) {
    if (isFour()) {
      HeaderFields.word(bytes, at, word());
    } else {
      HeaderFields.doubleWord(bytes, at, high);
      HeaderFields.doubleWord(bytes, at + 8, low);
    }
  }

  boolean isLinkLocal() { return high >>> 54 == 0xFE80 >>> 6; }

  boolean isMulticast() { return isFour() ? word() >>> 28 == 0xE : high >>> 56 == 0xFF; }

  InetAddress inet() {
    byte[] bytes = new byte[isFour() ? 4 : 16];
    write(bytes, 0);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String toString() {
    return inet().getHostAddress();
  }
}
