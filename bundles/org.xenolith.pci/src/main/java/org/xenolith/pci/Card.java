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
 * @param slot  device and function on the root bus, and behind a slash those behind each bridge
 * @param model what to plug in there
 */
record Card(String text, String slot, String model) {
  private static final Pattern TEXT = Pattern.compile("([0-9a-f.]+(?:/[0-9a-f.]+)*)=([A-Za-z0-9][A-Za-z0-9.-]*)");
  private static final Pattern PLACE = Pattern.compile("([0-9a-f]{1,2})\\.([0-7])");
  private static final int DEVICES = 32;

  static Card of(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw BadInput.at(CardShaper.OPTION, text, "expected SLOT=MODEL, for example 1.0=nvme, or 1.0/0.0=nvme behind a root port in 1.0");
    }
    Card card = new Card(text, matcher.group(1), matcher.group(2));
    card.places();
    return card;
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
        .withProperty(FdtProperty.ofStrings(PlatformNode.PLUGGED, slot))
        .withProperty(FdtProperty.ofCells("reg", place()[0] << 11 | place()[1] << 8, 0, 0, 0, 0))
        .withProperty(FdtProperty.ofCells("#address-cells", 3)).withProperty(FdtProperty.ofCells("#size-cells", 2));
  }
}
