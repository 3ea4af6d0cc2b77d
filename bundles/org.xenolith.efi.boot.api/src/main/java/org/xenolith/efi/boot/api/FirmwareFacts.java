// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known of one running firmware, whose boot services are there: a copy.
 *
 * @param name    the domain's; empty for the machine's own
 * @param handles in the order of their making
 * @param drivers in the order of their handles
 * @param layers  by name
 * @param calls   that are open, the innermost last
 */
public record FirmwareFacts(String name, List<HandleFacts> handles, List<DriverFacts> drivers, List<LayerFacts> layers,
    List<OpenCallFacts> calls) {
  private static final int MOST_DEPTH = 16;

  /** Copies the lists. */
  public FirmwareFacts {
    handles = List.copyOf(handles);
    drivers = List.copyOf(drivers);
    layers = List.copyOf(layers);
    calls = List.copyOf(calls);
  }

  /** What is known of a handle; empty if there is none. */
  public Optional<HandleFacts> handle(long handle) {
    return handles.stream().filter(each -> each.handle() == handle).findFirst();
  }

  /** What is known of a layer; empty if it isn't there. */
  public Optional<LayerFacts> layer(String layer) {
    return layers.stream().filter(each -> each.name().equals(layer)).findFirst();
  }

  /**
   * The device tree: handles with a device path that no bus driver made, with what bus drivers made of each. What is a child of several has what is below
   * it at the first place only, and nothing is deeper than 16: guests can make children of whatever they like.
   */
  public List<ControllerBranch> tree() {
    Map<Long, HandleFacts> all = new LinkedHashMap<>();
    handles.forEach(each -> all.put(each.handle(), each));
    Set<Long> children = handles.stream().flatMap(each -> each.children().stream()).collect(Collectors.toSet());
    Set<Long> seen = new HashSet<>();
    return handles.stream().filter(each -> each.has(Protocol.DEVICE_PATH) && !children.contains(each.handle())).map(each -> branch(each,
        all,
        seen, 0)).toList();
  }

  private static ControllerBranch branch(HandleFacts controller, Map<Long, HandleFacts> all, Set<Long> seen, int depth) {
    boolean first = seen.add(controller.handle()) && depth < MOST_DEPTH;
    return new ControllerBranch(controller, !first ? List.of() : controller.children().stream().filter(all::containsKey).map(each -> branch(
        all.get(each), all, seen, depth + 1)).toList());
  }

  /**
   * How a protocol came about: from what has to do with hardware to the protocol itself, each made by a driver that manages the one before. What a guest's
   * driver published begins a chain, since nobody knows what of.
   */
  public List<ProtocolLink> chain(HandleFacts handle, ProtocolFacts protocol) {
    Deque<ProtocolLink> chain = new ArrayDeque<>();
    Set<ProtocolLink> seen = new HashSet<>();
    Optional<ProtocolLink> link = Optional.of(new ProtocolLink(handle, protocol));
    while (link.isPresent() && seen.add(link.get())) {
      chain.addFirst(link.get());
      link = below(link.get());
    }
    return List.copyOf(chain);
  }

  /** The longest chain of a handle's protocols, the latest of several; empty for a handle without protocols. */
  public List<ProtocolLink> chain(HandleFacts handle) {
    return handle.protocols().reversed().stream().filter(each -> !each.guid().equals(Protocol.DEVICE_PATH)).map(each -> chain(handle, each))
        .max(Comparator.comparing(List<ProtocolLink>::size)).orElse(List.of());
  }

  /** What the publisher of a protocol manages, on the same handle or else on one for which it made the handle. */
  private Optional<ProtocolLink> below(ProtocolLink link) {
    Set<Long> agents = link.protocol().layer().isEmpty() ? Set.of() : drivers.stream().filter(each -> each.layer().equals(link.protocol()
        .layer())).map(DriverFacts::handle).collect(Collectors.toSet());
    Stream<HandleFacts> places = Stream.concat(Stream.of(link.handle()), link.handle().parents().stream().map(this::handle).flatMap(
        Optional::stream));
    return places.flatMap(place -> place.protocols().reversed().stream().filter(each -> !each.guid().equals(link.protocol().guid()) || place
        .handle() != link.handle().handle()).map(each -> new ProtocolLink(place, each))).filter(each -> each.protocol().uses().stream()
            .anyMatch(use -> use.has(HandleDatabase.BY_DRIVER) && agents.contains(use.agent()))).findFirst();
  }
}
