// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.api;

import java.util.OptionalInt;

/**
 * Where a disk is attached: at a node, or as one of several there. As text it is the node's path, and behind a number sign, which
 * no path has, the unit.
 *
 * @param node path of the node
 * @param unit its number in {@link BlockUnitsPort}; empty where the node has one disk, behind a {@link BlockPort}
 */
public record BlockPlace(String node, OptionalInt unit) {
  /** Whoever has permanent ports, such as a machine. */
  @FunctionalInterface
  public interface Ports {
    /** The port of that type at a node. */
    <T> T port(String node, Class<T> type);
  }

  /** One of several at a node. */
  public static BlockPlace of(String node, int unit) {
    return new BlockPlace(node, OptionalInt.of(unit));
  }

  /**
   * The place that a text says.
   *
   * @throws IllegalArgumentException if what is behind a number sign is no number
   */
  public static BlockPlace of(String text) {
    int sign = text.indexOf('#');
    return sign < 0 ? new BlockPlace(text, OptionalInt.empty()) : of(text.substring(0, sign), Integer.parseInt(text.substring(sign + 1)));
  }

  /** Its port. */
  public BlockPort port(Ports ports) {
    return unit.isPresent() ? ports.port(node, BlockUnitsPort.class).unit(unit.getAsInt()) : ports.port(node, BlockPort.class);
  }

  @Override
  public String toString() {
    return unit.isPresent() ? node + '#' + unit.getAsInt() : node;
  }
}
