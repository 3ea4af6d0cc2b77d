// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.PlatformNode;

/**
 * A PCI device to plug in.
 *
 * @param text  as it was asked for
 * @param host  name or path of the host bridge's node; empty for the board's first one
 * @param slot  device and function on the root bus, and behind a slash those behind each bridge
 * @param model what to plug in there
 */
record Card(String text, String host, String slot, String model) {
  private static final Pattern TEXT = Pattern.compile("([^=]+)=([A-Za-z0-9][A-Za-z0-9.-]*)");
  /** A part of a slot, right or wrong; names of nodes have other letters, or an address behind {@code @}. */
  private static final Pattern PART = Pattern.compile("[0-9a-f.]+");
  private static final Pattern PLACE = Pattern.compile("([0-9a-f]{1,2})\\.([0-7])");
  private static final int DEVICES = 32;

  static Card of(String text) {
    Matcher matcher = TEXT.matcher(text);
    List<String> parts = matcher.matches() ? List.of(matcher.group(1).split("/", -1)) : List.of();
    int first = parts.size();
    while (first > 0 && PART.matcher(parts.get(first - 1)).matches()) {
      first--;
    }
    String host = String.join("/", parts.subList(0, first));
    if (first == parts.size() || first > 0 && host.isEmpty()) {
      throw BadInput.at(CardShaper.OPTION, text, "expected SLOT=MODEL, for example 1.0=nvme, or 1.0/0.0=nvme behind a root port in 1.0;"
          + " BRIDGE/SLOT=MODEL on a board with several host bridges");
    }
    Card card = new Card(text, host, String.join("/", parts.subList(first, parts.size())), matcher.group(2));
    card.places();
    return card;
  }

  /** A slot of this host bridge as it is asked for. */
  String onHost(String slotThere) {
    return host.isEmpty() ? slotThere : host + "/" + slotThere;
  }

  /** The slot of the bridge that it is behind; empty on the root bus. */
  String behind() {
    int slash = slot.lastIndexOf('/');
    return slash < 0 ? "" : slot.substring(0, slash);
  }

  private List<int[]> places() {
    List<int[]> places = new ArrayList<>();
    for (String part : slot.split("/")) {
      Matcher place = PLACE.matcher(part);
      if (!place.matches() || Integer.parseInt(place.group(1), 16) >= DEVICES) {
        throw BadInput.at(CardShaper.OPTION, text, "'" + part + "' is no place on a bus; expected DEVICE.FUNCTION, 0.0 to 1f.7");
      }
      places.add(new int[] {Integer.parseInt(place.group(1), 16), Integer.parseInt(place.group(2))});
    }
    return places;
  }

  private int[] place() {
    return places().getLast();
  }

  /** Its node's name below its bus (IEEE 1275 PCI bus binding 2.1: DEVICE,FUNCTION in hexadecimal). */
  String name() {
    return model + "@" + Integer.toHexString(place()[0]) + "," + place()[1];
  }

  /** Its node: a bus of its own, too, in case it is a bridge. */
  FdtNode node() {
    return new FdtNode(name(), List.of(), List.of())
        .withProperty(FdtProperty.ofStrings("compatible", "xenolith,pci-" + model))
        .withProperty(FdtProperty.ofStrings(PlatformNode.PLUGGED, onHost(slot)))
        .withProperty(FdtProperty.ofCells("reg", place()[0] << 11 | place()[1] << 8, 0, 0, 0, 0))
        .withProperty(FdtProperty.ofCells("#address-cells", 3)).withProperty(FdtProperty.ofCells("#size-cells", 2));
  }
}
