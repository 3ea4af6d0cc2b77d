// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.platform.api.PlatformNode;

/** The enabled nodes of a tree that virtio functions can be put behind, and the PCI devices in it; hands out each once. */
final class TransportNodes {
  private static final String WINDOW = "virtio,mmio";
  /** Of version 1 and legacy. */
  static final List<String> CARDS = List.of("xenolith,pci-virtio", "xenolith,pci-virtio-legacy");

  /** One node. */
  record Place(String path, FdtNode node) {
    private boolean isCompatible(String name) {
      return node.property("compatible").map(p -> p.strings().contains(name)).orElse(false);
    }

    /** Whether a virtio function can be put behind it. */
    boolean transport() {
      return isCompatible(WINDOW) || CARDS.stream().anyMatch(this::isCompatible);
    }

    private long address() {
      return node.unitAddress().map(text -> Long.parseUnsignedLong(text, 16)).orElse(0L);
    }
  }

  private final List<Place> places = new ArrayList<>();
  private final Set<String> taken;

  /** Those of a tree, but what the request or an earlier edit has given a function. */
  TransportNodes(Fdt tree, LaunchRequest request) {
    taken = new HashSet<>(NodeFunctions.of(request).keySet());
    collect("", tree.root());
  }

  private void collect(String path, FdtNode node) {
    for (FdtNode child : node.children()) {
      String below = path + "/" + child.name();
      String status = child.property("status").map(FdtProperty::string).orElse("okay");
      if (status.equals("okay") || status.equals("ok")) {
        places.add(new Place(below, child));
        if (child.has(PlatformNode.FUNCTION)) {
          taken.add(below);
        }
        collect(below, child);
      }
    }
  }

  /** Takes the lowest free window of a virtio transport: disks begin at the other end. */
  Optional<Place> window() {
    Optional<Place> free = places.stream().filter(place -> place.isCompatible(WINDOW) && !taken.contains(place.path))
        .min((a, b) -> Long.compareUnsigned(a.address(), b.address()));
    free.ifPresent(this::take);
    return free;
  }

  /** The PCI device in a slot, taken or not. */
  Optional<Place> card(String slot) {
    return places.stream().filter(place -> place.node.property(PlatformNode.PLUGGED).map(p -> p.string().equals(slot)).orElse(false))
        .findFirst();
  }

  /**
   * What to do about a slot without a device: one that was plugged into a named host bridge is meant by the bridge's name, too.
   *
   * @param plugged the slots of all devices, as they were named
   * @param model   what can be plugged in
   */
  static String remedy(String slot, Stream<String> plugged, String model) {
    return plugged.filter(other -> other.endsWith("/" + slot) && other.contains("@")).findFirst().map(other -> "say pci=" + other
        + ", with the host bridge as in " + option("pci")).orElse("plug one in with " + option("pci") + " " + slot + "=" + model);
  }

  /** Takes a place; false if somebody has it. */
  boolean take(Place place) {
    return taken.add(place.path);
  }

  /**
   * Takes the lowest free window of a virtio transport.
   *
   * @param option of the command line, as {@code nic}
   * @param said   what a message begins with: the option, perhaps with its value
   */
  Place window(String option, String said) {
    return window().orElseThrow(() -> new BadInput(said + ": the board has no free virtio transport; plug a card in with " + option("pci")
        + " 1.0=virtio"
        + " and say " + option + " pci=1.0"));
  }

  /**
   * Takes the PCI device in a slot.
   *
   * @param transport whether it must be one that virtio functions can be put behind
   * @param said      what a message begins with
   */
  Place card(String slot, boolean transport, String said) {
    Place card = card(slot).filter(place -> !transport || place.transport()).orElseThrow(() -> new BadInput(said + ": there is no "
        + (transport ? "virtio" : "PCI") + " device in slot " + slot + "; " + remedy(slot, places.stream().map(place -> place.node.property(
            PlatformNode.PLUGGED)).flatMap(Optional::stream).map(FdtProperty::string), "virtio")));
    if (!take(card)) {
      throw new BadInput(said + ": the device in slot " + slot + " has another use already");
    }
    return card;
  }
}
