// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.FileOption;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;
import org.xenolith.machine.control.Machine;
import org.xenolith.net.api.NetworkNodes;
import org.xenolith.net.api.OutsideNetwork;
import org.xenolith.platform.api.PlatformNode;

/**
 * Gives a machine network cards: says at the node of each which segment it joins under which address, and puts the virtio function
 * behind what is a virtio transport. Without a hypervisor, which has a switch of its own, it adds a node for the switch.
 *
 * <p>Its option takes {@code [pci=SLOT][,mac=ADDRESS][,bridge=NAME][,pcap=FILE]}, behind the word of an {@link OutsideNetwork} if its segment is to have
 * one; nothing or a comma alone is a card of which nothing is asked. A segment with a network outside has a station that frames come in by;
 * the cards of a machine that have one and name no bridge are on segments of their own, the first on the usual one.
 */
@Component(property = "service.ranking:Integer=-10")
public final class NicShaper implements LaunchShaper, LaunchOption {
  static final String OPTION = "nic";
  private static final String VIRTIO_NETWORK = "virtio:1";
  private static final String SWITCH = "ethernet";
  private static final String OUTSIDE = "outside-network-";

  private final Map<String, OutsideNetwork> networks = new ConcurrentHashMap<>();

  /** A kind of network outside is installed; the first of a word is taken. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  void addNetwork(OutsideNetwork network, Map<String, Object> properties) {
    networks.putIfAbsent(String.valueOf(properties.get(OutsideNetwork.WORD)), network);
  }

  /** And is no more. */
  void removeNetwork(OutsideNetwork network) {
    networks.values().removeIf(each -> each == network);
  }

  @Override
  public boolean serves(LaunchRequest request) {
    return !request.option(OPTION).isEmpty();
  }

  @Override
  public OptionDescription description() {
    return OptionDescription.of(OPTION, Form.TEXT, "Disks and cards", 310).value(
        "[user|stream=PATH|tap=NAME][,pci=SLOT][,mac=ADDRESS][,bridge=NAME][,pcap=FILE]").bareToo()
        .repeated()
        .words("Network cards", "A virtio network card, or the settings of a PCI device that is one, on a bridge inside the machine"
            + " (default: xenbr0). 'user' connects it to the host's network by address translation (forward=tcp:127.0.0.1:2222:22 for a"
            + " port), 'stream' to a socket as QEMU has them, 'tap' to an interface of the host; 'pcap' writes what passes there into FILE, for"
            + " Wireshark. May be repeated.");
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    differ(asked(texts));
    request.option(OPTION, texts);
  }

  /** Two cards that can't be meant beside each other. */
  private static void differ(List<Asked> cards) {
    for (int i = 0; i < cards.size(); i++) {
      Asked one = cards.get(i);
      for (Asked before : cards.subList(0, i)) {
        if (before.segment().equals(one.segment()) && Arrays.equals(before.nic().address(), one.nic().address())) {
          throw BadInput.at(OPTION, one.text(), "the card of '" + before.text() + "' has the same address on the same bridge "
              + one.segment() + "; give each its own by mac=");
        }
        if (one.nic().capture().isPresent() && one.nic().capture().equals(before.nic().capture())) {
          throw BadInput.at(OPTION, one.text(), "'" + before.text() + "' is written to " + one.nic().capture().get()
              + ", too; name a file for each");
        }
      }
    }
  }

  @Override
  public void check(List<String> texts, Set<String> said) {
    asked(texts).forEach(card -> FileOption.requireWritable(OPTION, card.nic().capture().orElse(null)));
  }

  @Override
  public Fdt shape(Fdt tree, LaunchRequest request) {
    TransportNodes nodes = new TransportNodes(tree, request);
    Fdt edited = tree;
    int outside = 0;
    for (Asked asked : asked(request)) {
      Nic nic = asked.nic();
      if (!nic.network().isEmpty()) {
        FdtNode station = new FdtNode(OUTSIDE + outside++, List.of(), List.of()).withProperty(FdtProperty.ofStrings("compatible",
            NetworkNodes.OUTSIDE)).withProperty(FdtProperty.ofStrings(NetworkNodes.SEGMENT, asked.segment()));
        edited = edited.withRoot(edited.root().withChild(station));
      }
      String said = asked.said();
      TransportNodes.Place place = nic.slot().isEmpty() ? nodes.window(option(OPTION), said) : nodes.card(nic.slot(), false, said);
      edited = edited.edit(place.path(), node -> {
        FdtNode card = node.withProperty(new FdtProperty(NetworkNodes.ADDRESS, nic.address()))
            .withProperty(FdtProperty.ofStrings(NetworkNodes.SEGMENT, asked.segment()));
        return place.transport() ? card.withProperty(FdtProperty.ofStrings(PlatformNode.FUNCTION, VIRTIO_NETWORK)) : card;
      });
    }
    return request.has(Shapers.HYPERVISOR) ? edited : edited.withRoot(edited.root().withChild(new FdtNode(SWITCH, List.of(), List.of())
        .withProperty(FdtProperty.ofStrings("compatible", NetworkNodes.COMPATIBLE))));
  }

  @Override
  public Runnable connect(Machine machine, LaunchRequest request, Consumer<String> told) {
    OutsideCards cards = new OutsideCards(machine, told);
    int outside = 0;
    for (Asked asked : asked(request)) {
      if (!asked.nic().network().isEmpty()) {
        cards.open('/' + OUTSIDE + outside++, networks.get(asked.nic().network()), asked.nic(), asked.said());
      }
    }
    cards.begin();
    return cards::close;
  }

  @Override
  public Runnable cutOff(Machine machine, LaunchRequest request, Consumer<String> told) {
    List<NoNetwork> none = new ArrayList<>();
    for (Asked asked : asked(request)) {
      if (!asked.nic().network().isEmpty()) {
        none.add(new NoNetwork(machine, '/' + OUTSIDE + none.size(), asked.said(), told));
      }
    }
    return () -> none.forEach(NoNetwork::close);
  }

  /** A card that is asked for, and the segment that it joins. */
  private record Asked(String text, Nic nic, String segment) {
    String said() {
      return option(OPTION) + " '" + text + "'";
    }
  }

  private List<Asked> asked(LaunchRequest request) {
    return asked(request.option(OPTION));
  }

  private List<Asked> asked(List<String> texts) {
    List<Asked> cards = new ArrayList<>();
    int outside = 0;
    for (String text : LaunchOption.words(texts)) {
      Nic nic = Nic.of(text, cards.size(), networks);
      String usual = nic.network().isEmpty() || outside == 0 ? NetworkNodes.FIRST : NetworkNodes.BRIDGE + outside;
      outside += nic.network().isEmpty() ? 0 : 1;
      cards.add(new Asked(text, nic, nic.bridge().isEmpty() ? usual : nic.bridge()));
    }
    return cards;
  }
}
