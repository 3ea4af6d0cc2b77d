// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.Optional;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** Finds the console of a board: {@code /chosen/stdout-path}, or the first UART (Devicetree Specification, 3.6). */
final class StandardOutput {
  private StandardOutput() {}

  /** The node's path, or the empty string without any UART. */
  static String node(Platform platform) {
    Fdt tree = platform.source();
    Optional<String> named = tree.node("/chosen").flatMap(n -> n.property("stdout-path")).map(FdtProperty::string)
        .map(text -> text.replaceFirst(":.*", ""))
        .flatMap(text -> text.startsWith("/") ? tree.fullPath(text) : tree.alias(text));
    return named.filter(path -> platform.node(path).isPresent())
        .or(() -> platform.nodes().stream().filter(StandardOutput::uart).map(PlatformNode::path).findFirst()).orElse("");
  }

  /** Whether a node that is enabled is one. */
  static boolean uart(PlatformNode node) {
    return node.enabled() && !node.windows().isEmpty() && (node.name().startsWith("serial@")
        || node.name().startsWith("uart@") || node.isCompatible("arm,pl011") || node.isCompatible("ns16550a"));
  }
}
