// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

/** Numbers of Ethernet's types and IP's protocols (IANA), and the sizes of their headers in bytes. */
final class InternetProtocol {
  static final int IPV4 = 0x0800;
  static final int ARP = 0x0806;
  static final int IPV6 = 0x86DD;

  static final int ICMP = 1;
  static final int TCP = 6;
  static final int UDP = 17;
  static final int FRAGMENT = 44;
  static final int ICMPV6 = 58;

  static final int ETHERNET_HEADER = 14;
  static final int IPV4_HEADER = 20;
  static final int IPV6_HEADER = 40;
  static final int UDP_HEADER = 8;
  static final int TCP_HEADER = 20;

  /** Most bytes of an IP packet on this link. */
  static final int MTU = 1500;

  private InternetProtocol() {}
}
