// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.fdt.Fdt;

/**
 * An immutable platform: what the hardware is.
 *
 * @param name   name for people: a board or a file
 * @param source the tree it was made from, raw
 * @param nodes  all nodes, parents before children, in the tree's order
 * @param timing virtual time of the machine
 */
public record Platform(String name, Fdt source, List<PlatformNode> nodes, Timing timing) {

  /** Copies the list. */
  public Platform {
    nodes = List.copyOf(nodes);
  }

  /**
   * How virtual time derives from executed instructions.
   *
   * @param picosecondsPerInstruction virtual duration of an instruction in 10⁻¹² s
   * @param quantum                   most instructions a CPU executes before the next one has its turn
   */
  public record Timing(long picosecondsPerInstruction, int quantum) {
    /** 1 ns an instruction, turns of 20,000 instructions. */
    public static final Timing STANDARD = new Timing(1000, 20_000);

    /** Written out, as a record's own is put together at its first call, in each start: that of a machine is a part of its topology's digest. */
    @Override
    public final String toString() {
      return "Timing[picosecondsPerInstruction=" + picosecondsPerInstruction + ", quantum=" + quantum + "]";
    }
  }

  /** The node at that path. */
  public Optional<PlatformNode> node(String path) {
    for (PlatformNode node : nodes) {
      if (node.path().equals(path)) {
        return Optional.of(node);
      }
    }
    return Optional.empty();
  }

  /** The node that a {@code phandle} names; 0 and -1 name none (Devicetree Specification 0.4, 2.3.3). */
  public Optional<PlatformNode> byPhandle(int phandle) {
    if (phandle != 0 && phandle != -1) {
      for (PlatformNode node : nodes) {
        if (node.cell("phandle", 0) == (phandle & 0xFFFF_FFFFL)) {
          return Optional.of(node);
        }
      }
    }
    return Optional.empty();
  }

  /** Direct children of a node, in order. */
  public List<PlatformNode> children(String path) {
    return nodes.stream().filter(n -> n.parent().equals(path) && !n.path().equals(path)).toList();
  }

  /** The CPU nodes ({@code device_type = "cpu"}), in order. */
  public List<PlatformNode> cpus() {
    return nodes.stream().filter(n -> deviceType(n, "cpu")).toList();
  }

  /** The RAM banks ({@code device_type = "memory"}), in order. */
  public List<AddressWindow> memory() {
    return nodes.stream().filter(n -> n.enabled() && deviceType(n, "memory")).flatMap(n -> n.windows().stream()).toList();
  }

  /**
   * RAM that the tree keeps from whoever is started: the places in {@code /reserved-memory} that are enabled and not {@code reusable}, and
   * the memory reservations of its header (Devicetree Specification 0.4, 3.5 and 5.3). They may overlap, and be where there is no RAM.
   */
  public List<AddressWindow> reserved() {
    List<AddressWindow> kept = new ArrayList<>();
    source.reservations().forEach(each -> kept.add(new AddressWindow(each.address(), each.size())));
    for (PlatformNode node : nodes) {
      if (node.parent().equals("/reserved-memory") && node.enabled() && !node.has("reusable")) {
        kept.addAll(node.windows());
      }
    }
    kept.removeIf(window -> window.size() <= 0 || window.ports() || window.end() < 0);
    return kept;
  }

  private static boolean deviceType(PlatformNode node, String type) {
    return node.property("device_type").map(p -> p.string().equals(type)).orElse(false);
  }
}
