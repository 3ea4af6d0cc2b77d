// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/** The enabled PCI host bridges of a board, in the order of its tree. */
final class CardHosts {
  private final List<String> paths = new ArrayList<>();

  CardHosts(Fdt tree) {
    collect("", tree.root());
  }

  private void collect(String path, FdtNode node) {
    for (FdtNode child : node.children()) {
      String status = child.property("status").map(FdtProperty::string).orElse("okay");
      if (status.equals("okay") || status.equals("ok")) {
        // Below a host bridge are its ports, which are no others.
        if (child.property("device_type").map(p -> p.string().equals("pci")).orElse(false)) {
          paths.add(path + "/" + child.name());
        } else {
          collect(path + "/" + child.name(), child);
        }
      }
    }
  }

  /**
   * Path of the host bridge that a card is for.
   *
   * @throws BadInput if the board has none, none of that name or several; the message lists those that there are
   */
  String of(Card card) {
    if (paths.isEmpty()) {
      throw BadInput.at(CardShaper.OPTION, card.text(), "the board has no PCI host bridge (device_type = \"pci\")");
    }
    if (card.host().isEmpty()) {
      return paths.getFirst();
    }
    List<String> meant = paths.stream().filter(path -> path.equals(card.host()) || name(path).equals(card.host())
        || name(path).startsWith(card.host() + "@")).toList();
    if (meant.size() != 1) {
      throw BadInput.at(CardShaper.OPTION, card.text(), meant.isEmpty() ? "the board has no PCI host bridge '" + card.host()
          + "'; there is " + listed(paths.stream().map(CardHosts::name).distinct().count() == paths.size() ? paths.stream().map(
              CardHosts::name).toList() : paths) : "several PCI host bridges are called '" + card.host() + "'; name one of " + listed(
                  meant));
    }
    return meant.getFirst();
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String listed(List<String> names) {
    return String.join(", ", names);
  }
}
