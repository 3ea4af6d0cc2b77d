// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.xenolith.command.api.BadInput;
import org.xenolith.net.api.OutsideNetwork;

/**
 * A network card that was asked for.
 *
 * @param slot    of the PCI device that it is; empty for one behind a transport that is free
 * @param address six bytes
 * @param bridge  the segment that it joins; empty for the usual one
 * @param network word of the network outside that is on its segment; empty for none
 * @param settings what is asked of that network
 * @param capture file that its frames are written to; empty for none
 */
record Nic(String slot, byte[] address, String bridge, String network, Map<String, List<String>> settings, Optional<Path> capture) {
  /** A network's word, and what may stand behind it. */
  private static final Pattern NETWORK = Pattern.compile("([a-z]+)(?:=(.*))?");
  private static final Set<String> KEYS = Set.of("pci", "bridge", "mac", "pcap");
  private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}");

  /**
   * Reads one.
   *
   * @param number   of the cards before it, from which comes the address of a card without one
   * @param networks kinds of networks outside that there are, by their words
   */
  static Nic of(String text, int number, Map<String, OutsideNetwork> networks) {
    String slot = "";
    String bridge = "";
    String network = "";
    Map<String, List<String>> settings = new LinkedHashMap<>();
    // Locally administered, and as QEMU numbers its cards.
    byte[] address = {0x52, 0x54, 0, 0x12, 0x34, (byte) (0x56 + number)};
    Optional<Path> capture = Optional.empty();
    boolean first = true;
    for (String part : text.split(",")) {
      Matcher word = NETWORK.matcher(part);
      if (first && word.matches() && !KEYS.contains(word.group(1))) {
        network = network(text, word.group(1), networks);
        if (word.group(2) != null) {
          settings.put("", List.of(word.group(2)));
        }
        first = false;
        continue;
      }
      first = false;
      String value = part.substring(part.indexOf('=') + 1);
      if (part.startsWith("pci=") && !value.isEmpty()) {
        slot = value;
      } else if (part.startsWith("bridge=") && !value.isEmpty()) {
        bridge = value;
      } else if (part.startsWith("mac=")) {
        address = address(text, value);
      } else if (part.startsWith("pcap=") && !value.isEmpty()) {
        capture = Optional.of(file(text, value, network));
      } else if (!network.isEmpty() && networks.get(network).settings().containsKey(key(part))) {
        settings.computeIfAbsent(key(part), key -> new ArrayList<>()).add(value);
      } else if (!part.isEmpty()) {
        throw BadInput.at(NicShaper.OPTION, text, "'" + part + "' is unknown; expected " + expected(network, networks));
      }
    }
    return new Nic(slot, address, bridge, network, settings, capture);
  }

  private static Path file(String text, String value, String network) {
    if (network.isEmpty()) {
      throw BadInput.at(NicShaper.OPTION, text, "'pcap=" + value + "' is of a card that has a network outside; " + option("trace")
          + " FILE.pcapng has the frames of all ports");
    }
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      throw BadInput.at(NicShaper.OPTION, text, "'" + value + "' can't be a file's name: " + e.getReason());
    }
  }

  private static String key(String part) {
    int end = part.indexOf('=');
    return end <= 0 ? "=" : part.substring(0, end);
  }

  private static String network(String text, String word, Map<String, OutsideNetwork> networks) {
    if (!networks.containsKey(word)) {
      throw BadInput.at(NicShaper.OPTION, text, "'" + word + "' is no kind of network that is installed; expected " + expected("",
          networks));
    }
    return word;
  }

  private static String expected(String network, Map<String, OutsideNetwork> networks) {
    String own = network.isEmpty() ? "pci=SLOT, mac=ADDRESS or bridge=NAME" : "pci=SLOT, mac=ADDRESS, bridge=NAME or pcap=FILE";
    if (network.isEmpty()) {
      return own + (networks.isEmpty() ? "; no network outside is installed" : "; a way to the outside is the first word: " + String.join(
          ", ", new TreeSet<>(networks.keySet())));
    }
    return own + "; or of " + network + ": " + networks.get(network).settings().entrySet().stream().filter(each -> !each.getKey().isEmpty())
        .map(each -> each.getKey() + "=, " + each.getValue()).collect(Collectors.joining("; "));
  }

  private static byte[] address(String text, String value) {
    byte[] address = ADDRESS.matcher(value).matches() ? HexFormat.ofDelimiter(":").parseHex(value) : new byte[] {1};
    if ((address[0] & 1) != 0) {
      throw BadInput.at(NicShaper.OPTION, text, "'" + value + "' is no card's address; expected six bytes like 52:54:00:12:34:56,"
          + " not of a group");
    }
    return address;
  }
}
