// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the words behind {@code --nic user} mean.
 *
 * @param policy   what the guest may reach
 * @param six      whether there is IPv6
 * @param forwards ports outside that are the guest's
 */
record UserSettings(ReachPolicy policy, boolean six, List<ForwardRule> forwards) {
  /** The keys that there are, and what each may say. */
  static final Map<String, String> KEYS = keys();
  private static final Pattern NETWORK = Pattern.compile("([0-9.]+)/([0-9]{1,2})");

  private static Map<String, String> keys() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("net", "the guest's network, ADDRESS/BITS (10.0.2.0/24): the gateway is .2, the resolver .3, the guest .15");
    keys.put("forward", "tcp|udp:[ADDRESS:]PORT:[GUEST:]PORT: a port of the host (127.0.0.1) that is the guest's");
    keys.put("hostfwd", "the same in QEMU's form, tcp|udp:[ADDRESS]:PORT-[GUEST]:PORT");
    keys.put("host", "on|off: whether the gateway's address is the host's loopback (off)");
    keys.put("restrict", "on|off: whether the guest reaches nothing but who connects to it (off)");
    keys.put("ipv6", "on|off: whether there is IPv6 (on)");
    keys.put("resolver", "ADDRESS[:PORT] of who answers questions for names, instead of the host's resolvers");
    return Collections.unmodifiableMap(keys);
  }

  UserSettings {
    forwards = List.copyOf(forwards);
  }

  /** @throws IllegalArgumentException with place and remedy if a word isn't understood */
  static UserSettings of(Map<String, List<String>> settings) {
    for (String key : settings.keySet()) {
      if (!KEYS.containsKey(key)) {
        throw new IllegalArgumentException("user," + key + "=: no such key; there are " + String.join(", ", KEYS.keySet()));
      }
    }
    AddressPlan plan = last(settings, "net").isEmpty() ? AddressPlan.USUAL : plan(last(settings, "net"));
    List<InetSocketAddress> resolvers = new ArrayList<>();
    for (String text : settings.getOrDefault("resolver", List.of())) {
      resolvers.add(resolver(text));
    }
    if (resolvers.isEmpty()) {
      resolvers.addAll(hosts(Path.of("/etc/resolv.conf")));
    }
    List<ForwardRule> forwards = new ArrayList<>();
    settings.getOrDefault("forward", List.of()).forEach(text -> forwards.add(ForwardRule.of(text, plan)));
    settings.getOrDefault("hostfwd", List.of()).forEach(text -> forwards.add(ForwardRule.ofQemu(text, plan)));
    ReachPolicy policy = new ReachPolicy(plan, onOff(settings, "host", false), onOff(settings, "restrict", false), resolvers);
    return new UserSettings(policy, onOff(settings, "ipv6", true), forwards);
  }

  private static String last(Map<String, List<String>> settings, String key) {
    List<String> values = settings.getOrDefault(key, List.of());
    return values.isEmpty() ? "" : values.getLast();
  }

  private static boolean onOff(Map<String, List<String>> settings, String key, boolean usual) {
    String value = last(settings, key);
    return switch (value) {
      case "" -> usual;
      case "on" -> true;
      case "off" -> false;
      default -> throw new IllegalArgumentException("user," + key + "=" + value + ": write " + key + "=on or " + key + "=off");
    };
  }

  private static AddressPlan plan(String text) {
    Matcher match = NETWORK.matcher(text);
    if (match.matches()) {
      try {
        int prefix = Integer.parseInt(match.group(2));
        AddressPlan plan = new AddressPlan(InternetAddress.of(InetAddress.ofLiteral(match.group(1))).word(), prefix);
        int first = plan.network() >>> 24;
        if (prefix >= 8 && prefix <= 27 && (plan.network() & ~plan.mask()) == 0 && first != 0 && first != 127 && first < 224) {
          return plan;
        }
      } catch (IllegalArgumentException e) {
        // Said below, as all that is no network.
      }
    }
    throw new IllegalArgumentException("user,net=" + text + ": not a network of 8 to 27 bits; write net=10.0.2.0/24");
  }

  private static InetSocketAddress resolver(String text) {
    int colon = text.startsWith("[") ? text.indexOf("]:") + 1 : text.indexOf(':') == text.lastIndexOf(':') ? text.indexOf(':') : -1;
    String address = colon > 0 ? text.substring(0, colon) : text;
    try {
      int port = colon > 0 ? Integer.parseInt(text.substring(colon + 1)) : ReachPolicy.DNS_PORT;
      return new InetSocketAddress(InetAddress.ofLiteral(address.replaceAll("[\\[\\]]", "")), port);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("user,resolver=" + text
          + ": not an address; write resolver=192.0.2.53 or resolver=192.0.2.53:5353", e);
    }
  }

  /** The host's resolvers as its C library finds them (resolv.conf(5)); none if it has no such file. */
  static List<InetSocketAddress> hosts(Path file) {
    List<InetSocketAddress> resolvers = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        String[] words = line.strip().split("\\s+");
        if (words.length >= 2 && words[0].equals("nameserver")) {
          resolvers.add(new InetSocketAddress(InetAddress.ofLiteral(words[1]), ReachPolicy.DNS_PORT));
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      // What can't be read names no resolver: the guest's questions aren't answered, as on a host without one.
    }
    return resolvers;
  }
}
