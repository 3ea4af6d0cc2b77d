// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xenolith.platform.api.RequesterId;

/**
 * What is known of a function.
 *
 * @param address      where it is
 * @param node         path of its node; empty for one that is within its host bridge
 * @param bundle       symbolic name of the bundle that answers; empty if none does, or if it is the host bridge's
 * @param ids          what it says it is
 * @param state        what software lets it do
 * @param bars         its base address registers, by number
 * @param capabilities in the order of its lists, extended ones last
 * @param interrupt    how it interrupts
 * @param link         its link; empty without a PCI Express capability, or for a function that has no link
 * @param bridge       what passes it, if it is a bridge
 * @param stream       what an SMMU takes its requests for; empty if none is on the way
 * @param device       what an interrupt controller takes its messages for; empty if messages have no target
 * @param owner        whose it is under a hypervisor; empty without one, or if it knows nothing of the function
 * @param below        functions on the bus behind it, by place
 */
public record PciFunctionFacts(PciAddress address, Optional<String> node, Optional<String> bundle, PciIds ids, PciState state,
    List<PciBar> bars, List<PciCapability> capabilities, PciInterrupt interrupt, Optional<PciLink> link, Optional<PciBridgeWindows> bridge,
    Optional<RequesterId> stream, Optional<RequesterId> device, Optional<PciOwner> owner, List<PciFunctionFacts> below) {
  /** Copies the lists. */
  public PciFunctionFacts {
    bars = List.copyOf(bars);
    capabilities = List.copyOf(capabilities);
    below = List.copyOf(below);
  }

  /** It and all functions behind it, in order. */
  public Stream<PciFunctionFacts> all() {
    return Stream.concat(Stream.of(this), below.stream().flatMap(PciFunctionFacts::all));
  }

  /** A line for people, without its BARs and what is below. */
  public String summary() {
    String ids = Stream.of(id("stream", stream), id("device", device), owner.map(PciOwner::toString)).flatMap(Optional::stream)
        .collect(Collectors.joining(", "));
    return address.onBus() + " " + this.ids + bridge.map(windows -> " " + windows).orElse("") + node.map(path -> "  " + path.substring(path
        .lastIndexOf('/') + 1) + "  " + bundle.orElse("no model")).orElse("") + (ids.isEmpty() ? "" : "  " + ids);
  }

  private static Optional<String> id(String what, Optional<RequesterId> id) {
    return id.map(found -> "%s 0x%x of %s".formatted(what, found.id(), found.at().name()));
  }
}
