// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A port outside whose connections or datagrams go to a port of the guest.
 *
 * @param text      as the user wrote it
 * @param datagrams UDP, else TCP
 * @param at        where it is outside
 * @param guest     the guest's address
 * @param guestPort the guest's port
 */
record ForwardRule(String text, boolean datagrams, InetSocketAddress at, InternetAddress guest, int guestPort) {
  private static final String ADDRESS = "\\[[0-9A-Fa-f:.]+]|[0-9.]+";
  /** Ours: tcp:[ADDRESS:]PORT:[ADDRESS:]PORT. */
  private static final Pattern OURS = Pattern.compile("(tcp|udp):(?:(" + ADDRESS + "):)?([0-9]+):(?:(" + ADDRESS + "):)?([0-9]+)");
  /** QEMU's: tcp:[ADDRESS]:PORT-[ADDRESS]:PORT. */
  private static final Pattern QEMUS = Pattern.compile("(tcp|udp|):(" + ADDRESS + ")?:([0-9]+)-(" + ADDRESS + ")?:([0-9]+)");

  /** {@code forward=}: on the host's loopback where no address is named. */
  static ForwardRule of(String text, AddressPlan plan) {
    return parse("forward", text, OURS.matcher(text), "127.0.0.1", "tcp:127.0.0.1:2222:22", plan);
  }

  /** {@code hostfwd=}: on all of the host's addresses where none is named, as in QEMU. */
  static ForwardRule ofQemu(String text, AddressPlan plan) {
    return parse("hostfwd", text, QEMUS.matcher(text), "0.0.0.0", "tcp:127.0.0.1:2222-:22", plan);
  }

  private static ForwardRule parse(String key, String text, Matcher match, String usual, String example, AddressPlan plan) {
    if (!match.matches()) {
      throw new IllegalArgumentException("user," + key + "=" + text + ": not a forward; write " + key + "=" + example);
    }
    InetSocketAddress at = new InetSocketAddress(address(key, text, match.group(2), usual), port(key, text, match.group(3)));
    int guestPort = port(key, text, match.group(5));
    InternetAddress guest = match.group(4) == null ? plan.guest(0) : InternetAddress.of(address(key, text, match.group(4), ""));
    if (!plan.mayBeGuest(guest) || guestPort == 0) {
      throw new IllegalArgumentException("user," + key + "=" + text + ": no guest is there; its addresses begin at " + plan.guest(0));
    }
    return new ForwardRule(text, match.group(1).equals("udp"), at, guest, guestPort);
  }

  private static InetAddress address(String key, String text, String address, String usual) {
    try {
      String literal = address == null || address.isEmpty() ? usual : address;
      return InetAddress.ofLiteral(literal.startsWith("[") ? literal.substring(1, literal.length() - 1) : literal);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("user," + key + "=" + text + ": " + address + " is no address", e);
    }
  }

  private static int port(String key, String text, String port) {
    int number = port.length() > 5 ? -1 : Integer.parseInt(port);
    if (number < 0 || number > 0xFFFF) {
      throw new IllegalArgumentException("user," + key + "=" + text + ": " + port + " is no port; ports are 1 to 65535");
    }
    return number;
  }
}
