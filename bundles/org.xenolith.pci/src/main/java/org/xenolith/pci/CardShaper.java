// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import static org.xenolith.command.api.OptionName.option;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/**
 * Plugs PCI devices into a host bridge of a board, the first one unless another is named: each is a node below it that guests don't get to
 * see, as they find devices on the bus.
 *
 * <p>Its option takes {@code [BRIDGE/]SLOT=MODEL}.
 */
@Component
public final class CardShaper implements LaunchShaper, LaunchOption {
  static final String OPTION = "pci";

  @Override
  public boolean serves(LaunchRequest request) {
    return !request.option(OPTION).isEmpty() || request.boardOptions().containsKey(IommuOption.NAME);
  }

  @Override
  public OptionDescription description() {
    return OptionDescription.of(OPTION, Form.TEXT, "Disks and cards", 330).value("[BRIDGE/]SLOT=MODEL").repeated().words(
        "PCI devices", "Plugs in a PCI device, for example 1.0=root-port and 1.0/0.0=nvme behind it. BRIDGE is the node's name of a host"
            + " bridge, such as pcie@10000000 (default: the board's first). May be repeated.");
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    LaunchOption.words(texts).forEach(Card::of);
    request.option(OPTION, texts);
  }

  /** Devices need a bus, and so does what translates their addresses. */
  @Override
  public Map<String, String> boardOptions(LaunchRequest request) {
    return Map.of(BridgeOption.NAME, "ecam");
  }

  @Override
  public Fdt shape(Fdt tree, LaunchRequest request) {
    List<Card> cards = new ArrayList<>(LaunchOption.words(request.option(OPTION)).stream().map(Card::of).toList());
    if (cards.isEmpty()) {
      return tree;
    }
    // Bridges before what is behind them.
    cards.sort(Comparator.comparing(card -> card.slot().length()));
    CardHosts hosts = new CardHosts(tree);
    // By the paths of host bridges, and by those and slots.
    Map<String, String> paths = new HashMap<>();
    Fdt edited = tree;
    for (Card card : cards) {
      String host = hosts.of(card);
      String parent = card.behind().isEmpty() ? host : paths.get(host + " " + card.behind());
      if (parent == null) {
        throw BadInput.at(OPTION, card.text(), "there is nothing in slot " + card.behind() + "; plug a bridge in with " + option(OPTION)
            + " " + card.onHost(card.behind()) + "=root-port");
      }
      if (paths.put(host + " " + card.slot(), parent + "/" + card.name()) != null) {
        throw BadInput.at(OPTION, card.text(), "slot " + card.slot() + " is taken already");
      }
      edited = edited.edit(parent, node -> node.withChild(card.node()));
    }
    return edited;
  }
}
