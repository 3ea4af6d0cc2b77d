// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.model.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.model.Node;
import org.xenolith.platform.model.Platform;
import org.xenolith.platform.model.PlatformFactory;

/** Converts between topology models and trees, without loss in either direction. */
public final class TreeConversion {
  private static final byte[] CPU = {'c', 'p', 'u', 0};
  private static final byte[] MEMORY = {'m', 'e', 'm', 'o', 'r', 'y', 0};

  private TreeConversion() {}

  /** A new model of a tree. */
  public static Platform toModel(String name, Fdt tree) {
    Platform platform = PlatformFactory.eINSTANCE.createPlatform();
    platform.setName(name);
    platform.setBootCpuid(tree.bootCpuid());
    platform.getReservations().addAll(tree.reservations());
    platform.setRoot(toModel(tree.root(), PlatformFactory.eINSTANCE.createNode()));
    return platform;
  }

  /**
   * The tree of a model.
   *
   * @throws FdtException if the model is no tree: no root, or siblings of one name
   */
  public static Fdt toTree(Platform platform) {
    return toTree(platform, (model, node) -> {});
  }

  /** The tree of a model; {@code pairs} gets each node of both. */
  static Fdt toTree(Platform platform, BiConsumer<Node, FdtNode> pairs) {
    if (platform.getRoot() == null) {
      throw new FdtException(FdtException.NO_OFFSET, "the platform has no root node", "add a root element");
    }
    return new Fdt(platform.getBootCpuid(), platform.getReservations(), toTree(platform.getRoot(), 1, pairs));
  }

  private static Node toModel(FdtNode from, Node to) {
    if (!from.name().isEmpty()) {
      to.setName(from.name());
    }
    to.getProperties().addAll(from.properties());
    List<Node> children = new ArrayList<>(from.children().size());
    for (FdtNode child : from.children()) {
      children.add(toModel(child, kind(child)));
    }
    to.getNodes().addAll(children);
    return to;
  }

  /** What a node is in the model follows from its properties. */
  private static Node kind(FdtNode node) {
    PlatformFactory factory = PlatformFactory.eINSTANCE;
    FdtProperty type = node.property("device_type").orElse(null);
    if (type != null && Arrays.equals(type.value(), CPU)) {
      return factory.createCpu();
    }
    if (type != null && Arrays.equals(type.value(), MEMORY)) {
      return factory.createMemoryRegion();
    }
    if (!node.has("compatible")) {
      return factory.createNode();
    }
    return node.has("ranges") ? factory.createBus() : factory.createDevice();
  }

  private static FdtNode toTree(Node node, int depth, BiConsumer<Node, FdtNode> pairs) {
    if (depth > FdtNode.MAX_DEPTH) {
      throw new FdtException(FdtException.NO_OFFSET, "the topology is more than " + FdtNode.MAX_DEPTH
          + " nodes deep", "flatten it");
    }
    List<FdtNode> children = new ArrayList<>(node.getNodes().size());
    for (Node child : node.getNodes()) {
      children.add(toTree(child, depth + 1, pairs));
    }
    try {
      FdtNode made = new FdtNode(node.getName() == null ? "" : node.getName(), node.getProperties(), children);
      pairs.accept(node, made);
      return made;
    } catch (FdtException e) {
      throw new FdtException(FdtException.NO_OFFSET, NodeFacts.path(node) + ": " + e.what(), e.remedy());
    }
  }
}
