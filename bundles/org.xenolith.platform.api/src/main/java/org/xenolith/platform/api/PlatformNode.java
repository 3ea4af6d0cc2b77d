// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.api;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.xenolith.fdt.FdtProperty;

/**
 * An immutable node of a platform: raw properties (the truth) and the typed facts derived from them.
 *
 * @param path       full path, for example {@code /pl011@9000000}
 * @param name       node name with unit address
 * @param parent     path of the parent; empty string for the root
 * @param properties raw properties in their order
 * @param compatible values of {@code compatible}, most specific first; empty without one
 * @param enabled    whether {@code status} is absent, {@code okay} or {@code ok}, here and in every parent
 * @param windows    {@code reg} in CPU addresses; empty for nodes whose {@code reg} is no address (CPUs, I²C devices)
 * @param interrupts {@code interrupts} or {@code interrupts-extended}, resolved to their controllers
 * @param options    Xenolith's options and quirk switches for this node, from topology or command line
 */
public record PlatformNode(String path, String name, String parent, List<FdtProperty> properties,
    List<String> compatible, boolean enabled, List<AddressWindow> windows, List<InterruptSpecifier> interrupts,
    Map<String, String> options) {

  /**
   * Property of a node that was plugged into a slot for a launch; its value is the slot as the user named it. Guests don't get such
   * nodes in their trees: they find what is plugged in by looking.
   */
  public static final String PLUGGED = "xenolith,card";

  /**
   * Property of a node that is a transport: the id of the function that a launch puts behind it, for example {@code virtio:1}. As all
   * properties that begin with {@code xenolith,}, guests don't get to see it.
   */
  public static final String FUNCTION = "xenolith,function";

  /** Copies the collections. */
  public PlatformNode {
    properties = List.copyOf(properties);
    compatible = List.copyOf(compatible);
    windows = List.copyOf(windows);
    interrupts = List.copyOf(interrupts);
    options = Map.copyOf(options);
  }

  // What a record has of these is made by the JVM when it is called first, in each process: slow for what a start calls.

  @Override
  public final boolean equals(Object other) {
    return other instanceof PlatformNode node && path.equals(node.path) && name.equals(node.name) && Objects.equals(parent, node.parent)
        && properties.equals(node.properties) && compatible.equals(node.compatible) && enabled == node.enabled && windows.equals(
            node.windows) && interrupts.equals(node.interrupts) && options.equals(node.options);
  }

  @Override
  public final int hashCode() {
    return 31 * path.hashCode() + properties.hashCode();
  }

  /** The raw property of that name. */
  public Optional<FdtProperty> property(String propertyName) {
    for (FdtProperty property : properties) {
      if (property.name().equals(propertyName)) {
        return Optional.of(property);
      }
    }
    return Optional.empty();
  }

  /** Whether the property exists, with or without a value. */
  public boolean has(String propertyName) {
    return property(propertyName).isPresent();
  }

  /** Whether {@code compatible} names that value. */
  public boolean isCompatible(String value) {
    return compatible.contains(value);
  }

  /** The first cell of a property, or {@code otherwise} if it is absent. */
  public long cell(String propertyName, long otherwise) {
    return property(propertyName).map(p -> p.cell(0) & 0xFFFF_FFFFL).orElse(otherwise);
  }

  /** The slot that it was plugged into; empty for what belongs to the board. */
  public Optional<String> slot() {
    return property(PLUGGED).map(FdtProperty::string);
  }
}
