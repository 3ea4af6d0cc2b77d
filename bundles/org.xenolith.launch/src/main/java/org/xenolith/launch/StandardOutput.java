// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.xenolith.boot.api.BoardConsole;
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

  /** What a guest must know of it; empty without any. */
  static Optional<BoardConsole> console(Platform platform) {
    return platform.node(node(platform)).map(node -> new BoardConsole(node.compatible(), line(platform, node)));
  }

  private static int line(Platform platform, PlatformNode console) {
    OptionalInt named = alias(platform.source(), console.path());
    if (named.isPresent()) {
      return named.getAsInt();
    }
    List<PlatformNode> alike = platform.nodes().stream().filter(node -> node.enabled() && console.compatible().stream().anyMatch(
        node::isCompatible) && alias(platform.source(), node.path()).isEmpty()).toList();
    return Math.max(0, alike.indexOf(console));
  }

  /** The number of a node's {@code serialN}, the smallest if it has several. */
  private static OptionalInt alias(Fdt tree, String path) {
    return tree.node("/aliases").stream().flatMap(aliases -> aliases.properties().stream()).filter(alias -> alias.name().matches(
        "serial\\d{1,9}") && tree.fullPath(alias.string()).filter(path::equals).isPresent()).mapToInt(alias -> Integer.parseInt(alias.name()
            .substring("serial".length()))).min();
  }

  /** Whether a node that is enabled is one. */
  static boolean uart(PlatformNode node) {
    return node.enabled() && !node.windows().isEmpty() && (node.name().startsWith("serial@")
        || node.name().startsWith("uart@") || node.isCompatible("arm,pl011") || node.isCompatible("ns16550a"));
  }
}
