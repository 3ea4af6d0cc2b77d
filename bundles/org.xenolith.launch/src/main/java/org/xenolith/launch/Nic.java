// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.HexFormat;
import java.util.regex.Pattern;
import org.xenolith.command.api.BadInput;
import org.xenolith.net.api.NetworkNodes;

/**
 * A network card that was asked for.
 *
 * @param slot    of the PCI device that it is; empty for one behind a transport that is free
 * @param address six bytes
 * @param bridge  the segment that it joins
 */
record Nic(String slot, byte[] address, String bridge) {
  private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}");

  /** @param number of the cards before it, from which comes the address of a card without one */
  static Nic of(String text, int number) {
    String slot = "";
    String bridge = NetworkNodes.FIRST;
    // Locally administered, and as QEMU numbers its cards.
    byte[] address = {0x52, 0x54, 0, 0x12, 0x34, (byte) (0x56 + number)};
    for (String part : text.split(",")) {
      String value = part.substring(part.indexOf('=') + 1);
      if (part.startsWith("pci=") && !value.isEmpty()) {
        slot = value;
      } else if (part.startsWith("bridge=") && !value.isEmpty()) {
        bridge = value;
      } else if (part.startsWith("mac=")) {
        address = address(text, value);
      } else if (!part.isEmpty()) {
        throw BadInput.at(NicShaper.OPTION, text, "'" + part + "' is unknown; expected pci=SLOT, mac=ADDRESS or bridge=NAME;"
            + " cards reach one another, and the host's network isn't there");
      }
    }
    return new Nic(slot, address, bridge);
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
