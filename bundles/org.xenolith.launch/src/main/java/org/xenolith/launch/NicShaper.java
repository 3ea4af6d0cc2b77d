package org.xenolith.launch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.machine.control.Machine;
import org.xenolith.net.api.NetworkNodes;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * Gives a machine network cards: says at the node of each which segment it joins under which address, and puts the virtio function
 * behind what is a virtio transport. Without a hypervisor, which has a switch of its own, it adds a node for the switch.
 *
 * <p>Option of a request: {@code nic}, cards as {@code [pci=SLOT][,mac=ADDRESS][,bridge=NAME]} with blanks between them; a comma
 * alone is a card without wishes.
 */
@Component(property = "service.ranking:Integer=-10")
public final class NicShaper implements LaunchShaper {
  private static final String OPTION = "nic";
  private static final String VIRTIO_NETWORK = "virtio:1";
  private static final List<String> TRANSPORTS = List.of("virtio,mmio", "xenolith,pci-virtio");
  private static final String SWITCH = "ethernet";

  private record Place(String path, FdtNode node) {
    boolean isCompatible(String name) {
      return node.property("compatible").map(p -> p.strings().contains(name)).orElse(false);
    }
  }

  @Override public boolean serves(LaunchRequest request) {
    return request.options().containsKey(OPTION);
  }

  @Override public Fdt shape(Fdt tree, LaunchRequest request) {
    List<Place> places = new ArrayList<>();
    collect("", tree.root(), places);
    Set<String> taken = new HashSet<>(request.functions().keySet());
    Fdt edited = tree;
    int number = 0;
    for (String text : request.options().get(OPTION).trim().split("\\s+")) {
      Nic nic = Nic.of(text, number++);
      Place place = nic.slot().isEmpty() ? free(places, taken, nic) : card(places, nic);
      if (!taken.add(place.path)) {
        throw new BadInput("--nic '" + text + "': the device in slot " + nic.slot() + " has another use already");
      }
      boolean transport = TRANSPORTS.stream().anyMatch(place::isCompatible);
      edited = edited.edit(place.path, node -> {
        FdtNode card = node.withProperty(new FdtProperty(NetworkNodes.ADDRESS, nic.address()))
            .withProperty(FdtProperty.ofStrings(NetworkNodes.SEGMENT, nic.bridge()));
        return transport ? card.withProperty(FdtProperty.ofStrings(PlatformNode.FUNCTION, VIRTIO_NETWORK)) : card;
      });
    }
    return request.hypervisor() ? edited : edited.withRoot(edited.root().withChild(new FdtNode(SWITCH, List.of(), List.of())
        .withProperty(FdtProperty.ofStrings("compatible", NetworkNodes.COMPATIBLE))));
  }

  private static void collect(String path, FdtNode node, List<Place> places) {
    for (FdtNode child : node.children()) {
      String below = path + "/" + child.name();
      String status = child.property("status").map(FdtProperty::string).orElse("okay");
      if (status.equals("okay") || status.equals("ok")) {
        places.add(new Place(below, child));
        collect(below, child, places);
      }
    }
  }

  /** The lowest free window of a virtio transport: disks begin at the other end. */
  private static Place free(List<Place> places, Set<String> taken, Nic nic) {
    return places.stream().filter(place -> place.isCompatible(TRANSPORTS.getFirst()) && !taken.contains(place.path))
        .min((a, b) -> Long.compareUnsigned(address(a), address(b)))
        .orElseThrow(() -> new BadInput("--nic '" + nic.text() + "': the board has no free virtio transport; plug a card in with --pci"
            + " 1.0=virtio and say --nic pci=1.0"));
  }

  private static long address(Place place) {
    return place.node.unitAddress().map(text -> Long.parseUnsignedLong(text, 16)).orElse(0L);
  }

  private static Place card(List<Place> places, Nic nic) {
    return places.stream().filter(place -> place.node.property(PlatformNode.PLUGGED).map(p -> p.string().equals(nic.slot())).orElse(false))
        .findFirst().orElseThrow(() -> new BadInput("--nic '" + nic.text() + "': there is no PCI device in slot " + nic.slot()
            + "; plug one in with --pci " + nic.slot() + "=virtio"));
  }

  @Override public boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest request) {
    return false;
  }
}
