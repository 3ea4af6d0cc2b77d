// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import java.net.InetAddress;

/**
 * Who has which address in the network that the guest sees. What QEMU's user networking has is the default, as people know it by
 * heart: 10.0.2.0/24 with the gateway at .2, the resolver at .3, the guest at .15; fec0::/64 with ::2 and ::3.
 *
 * @param network the network's first address
 * @param prefix  bits of its prefix, 8 to 28
 */
record AddressPlan(int network, int prefix) {
  static final AddressPlan USUAL = new AddressPlan(0x0A00_0200, 24);
  /** Locally administered station address of the gateway, as QEMU's. */
  static final long STATION = 0x5255_0A00_0202L;
  private static final long PREFIX6 = 0xFEC0L << 48;
  static final InternetAddress GATEWAY6 = new InternetAddress(PREFIX6, 2);
  static final InternetAddress RESOLVER6 = new InternetAddress(PREFIX6, 3);
  /** Of the gateway on the link, what router advertisements come from. */
  static final InternetAddress ROUTER6 = new InternetAddress(0xFE80L << 48, 2);
  static final InternetAddress PREFIX = new InternetAddress(PREFIX6, 0);
  private static final int FIRST_GUEST = 15;

  int mask() {
    return -1 << 32 - prefix;
  }

  InternetAddress gateway() {
    return InternetAddress.four(network + 2);
  }

  InternetAddress resolver() {
    return InternetAddress.four(network + 3);
  }

  InternetAddress broadcast() {
    return InternetAddress.four(network | ~mask());
  }

  /** The address of the guest that asked as number n, from 0 on. */
  InternetAddress guest(int n) {
    return InternetAddress.four(network + FIRST_GUEST + n);
  }

  /** How many guests have room. */
  int guests() {
    return Math.min(64, ~mask() - FIRST_GUEST);
  }

  /** Whether an address is of the guest's network, whoever has it. */
  boolean inside(InternetAddress address) {
    return address.isFour() ? (address.word() & mask()) == network : address.high() == PREFIX6 || address.isLinkLocal();
  }

  /** Whether it is the gateway's in one of its parts: gateway, router or resolver. */
  boolean ours(InternetAddress address) {
    return isGateway(address) || isResolver(address);
  }

  boolean isGateway(InternetAddress address) {
    return address.equals(gateway()) || address.equals(GATEWAY6) || address.equals(ROUTER6);
  }

  boolean isResolver(InternetAddress address) {
    return address.equals(resolver()) || address.equals(RESOLVER6);
  }

  /** The address that a guest sees of who connects from outside: its own if the guest can answer there, else the gateway's. */
  InternetAddress shown(InetAddress client, InternetAddress guest) {
    InternetAddress own = InternetAddress.of(client);
    boolean usable = own.isFour() == guest.isFour() && !client.isLoopbackAddress() && !client.isAnyLocalAddress() && !inside(own);
    return usable ? own : guest.isFour() ? gateway() : GATEWAY6;
  }

  /** Whether a guest may send from an address. */
  boolean mayBeGuest(InternetAddress address) {
    return inside(address) && !ours(address) && !address.equals(broadcast()) && !(address.isFour() && address.word() == network);
  }
}
