// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * What of the outside a guest may reach. The host's loopback only where that was asked for, and by the gateway's address alone: whatever
 * else a host takes for itself (127/8, 0/8, ::, ::1 and IPv4 in IPv6's clothes) leads nowhere.
 *
 * @param plan      the guest's network
 * @param host      whether the gateway's address is the host's loopback
 * @param restrict  whether nothing is reached but what connects to the guest
 * @param resolvers the host's resolvers, never empty where the guest's is to answer
 */
record ReachPolicy(AddressPlan plan, boolean host, boolean restrict, List<InetSocketAddress> resolvers) {
  static final int DNS_PORT = 53;

  ReachPolicy {
    resolvers = List.copyOf(resolvers);
  }

  /** Where a guest's packet to an address and port goes outside; nowhere if it may not, or nobody is there. */
  Optional<InetSocketAddress> outside(InternetAddress to, int port) {
    if (restrict || port == 0) {
      return Optional.empty();
    }
    if (plan.isResolver(to)) {
      return port == DNS_PORT ? resolvers.stream().findFirst() : Optional.empty();
    }
    if (plan.isGateway(to)) {
      return host ? Optional.of(new InetSocketAddress(loopback(to), port)) : Optional.empty();
    }
    return mayReach(to) ? Optional.of(new InetSocketAddress(to.inet(), port)) : Optional.empty();
  }

  private static InetAddress loopback(InternetAddress like) {
    return (like.isFour() ? InternetAddress.four(0x7F00_0001) : new InternetAddress(0, 1)).inet();
  }

  /** Whether an address is outside, and not one that a host takes for itself. */
  boolean mayReach(InternetAddress to) {
    if (restrict || plan.inside(to) || to.isMulticast()) {
      return false;
    }
    if (to.isFour()) {
      int first = to.word() >>> 24;
      return first != 0 && first != 127 && first < 240;
    }
    // ::/8 has the unspecified and the loopback address, and those of IPv4; 64:ff9b::/96 (RFC 6052) leads to IPv4 as well.
    return to.high() >>> 56 != 0 && !to.isLinkLocal();
  }
}
