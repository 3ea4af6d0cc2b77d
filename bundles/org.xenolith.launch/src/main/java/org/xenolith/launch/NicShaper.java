// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;
import org.xenolith.net.api.NetworkNodes;
import org.xenolith.platform.api.PlatformNode;

/**
 * Gives a machine network cards: says at the node of each which segment it joins under which address, and puts the virtio function
 * behind what is a virtio transport. Without a hypervisor, which has a switch of its own, it adds a node for the switch.
 *
 * <p>Its option takes {@code [pci=SLOT][,mac=ADDRESS][,bridge=NAME]}; nothing or a comma alone is a card of which nothing is asked.
 */
@Component(property = "service.ranking:Integer=-10")
public final class NicShaper implements LaunchShaper, LaunchOption {
  static final String OPTION = "nic";
  private static final String VIRTIO_NETWORK = "virtio:1";
  private static final String SWITCH = "ethernet";

  @Override
  public boolean serves(LaunchRequest request) {
    return !request.option(OPTION).isEmpty();
  }

  @Override
  public OptionDescription description() {
    return OptionDescription.of(OPTION, Form.TEXT, "Disks and cards", 310).value("[pci=SLOT][,mac=ADDRESS][,bridge=NAME]").bareToo()
        .repeated()
        .words("Network cards", "A virtio network card, or the settings of a PCI device that is one, on a bridge inside the machine"
            + " (default: xenbr0). May be repeated.");
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    LaunchOption.words(texts).forEach(text -> Nic.of(text, 0));
    request.option(OPTION, texts);
  }

  @Override
  public Fdt shape(Fdt tree, LaunchRequest request) {
    TransportNodes nodes = new TransportNodes(tree, request);
    Fdt edited = tree;
    int number = 0;
    for (String text : LaunchOption.words(request.option(OPTION))) {
      Nic nic = Nic.of(text, number++);
      String said = option(OPTION) + " '" + text + "'";
      TransportNodes.Place place = nic.slot().isEmpty() ? nodes.window(option(OPTION), said) : nodes.card(nic.slot(), false, said);
      edited = edited.edit(place.path(), node -> {
        FdtNode card = node.withProperty(new FdtProperty(NetworkNodes.ADDRESS, nic.address()))
            .withProperty(FdtProperty.ofStrings(NetworkNodes.SEGMENT, nic.bridge()));
        return place.transport() ? card.withProperty(FdtProperty.ofStrings(PlatformNode.FUNCTION, VIRTIO_NETWORK)) : card;
      });
    }
    return request.has(Shapers.HYPERVISOR) ? edited : edited.withRoot(edited.root().withChild(new FdtNode(SWITCH, List.of(), List.of())
        .withProperty(FdtProperty.ofStrings("compatible", NetworkNodes.COMPATIBLE))));
  }
}
