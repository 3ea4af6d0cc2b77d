// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node: a name, properties in order, children in order. Immutable; the {@code with} methods give changed copies that
 * share what stays the same.
 *
 * <p>Names of properties differ within a node, and names of children too. A tree is at most {@link #MAX_DEPTH} nodes
 * deep, which bounds every recursion over it.
 */
public final class FdtNode {
  /** Most nodes on a path from the root, the root included. Trees of real boards stay below 12. */
  public static final int MAX_DEPTH = 64;
  /** Longest path in bytes; whoever looks nodes up has one for each. Paths of real boards stay below 200. */
  private static final int MAX_PATH = 1024;

  private final String name;
  private final List<FdtProperty> properties;
  private final List<FdtNode> children;
  private final int height;
  /** Bytes of the longest path from here down, with a slash before this node's name. */
  private final int reach;

  /**
   * @param name       empty for a root, otherwise 1 to 255 printable ASCII characters without a slash, such as
   *                   {@code pl011@9000000}
   * @param properties in the order of the blob
   * @param children   in the order of the blob
   * @throws FdtException if two properties or two children share a name, or the tree gets too deep or its paths too long
   */
  public FdtNode(String name, List<FdtProperty> properties, List<FdtNode> children) {
    this.name = name.isEmpty() ? name : FdtNames.checked("node", name);
    this.properties = List.copyOf(properties);
    this.children = List.copyOf(children);
    FdtNames.distinct("properties", this.properties, FdtProperty::name);
    FdtNames.distinct("child nodes", this.children, FdtNode::name);
    int highest = 0;
    int farthest = 0;
    for (FdtNode child : this.children) {
      if (child.name.isEmpty()) {
        throw new FdtException("a child of node '" + name + "' has no name", "name it; only the root has none");
      }
      highest = Math.max(highest, child.height);
      farthest = Math.max(farthest, child.reach);
    }
    height = highest + 1;
    if (height > MAX_DEPTH) {
      throw new FdtException("the tree is more than " + MAX_DEPTH + " nodes deep", "flatten it");
    }
    reach = name.isEmpty() ? farthest : 1 + name.length() + farthest;
    if (reach > MAX_PATH) {
      throw new FdtException("a path through '" + name + "' has " + reach + " bytes, more than " + MAX_PATH,
          "shorten the names of its nodes");
    }
  }

  /** Full name, the unit address included; empty for a root. */
  public String name() {
    return name;
  }

  /** The name without the unit address. */
  public String baseName() {
    int at = name.indexOf('@');
    return at < 0 ? name : name.substring(0, at);
  }

  /** What follows the {@code @} of the name, if there is one. */
  public Optional<String> unitAddress() {
    int at = name.indexOf('@');
    return at < 0 ? Optional.empty() : Optional.of(name.substring(at + 1));
  }

  /** The properties in order. */
  public List<FdtProperty> properties() {
    return properties;
  }

  /** The children in order. */
  public List<FdtNode> children() {
    return children;
  }

  /** The property of that name. */
  public Optional<FdtProperty> property(String propertyName) {
    for (FdtProperty p : properties) {
      if (p.name().equals(propertyName)) {
        return Optional.of(p);
      }
    }
    return Optional.empty();
  }

  /** True if there is a property of that name, whatever its value. */
  public boolean has(String propertyName) {
    return property(propertyName).isPresent();
  }

  /**
   * The child of that name. A name without unit address also finds a child that has one, if there is just one such
   * (Devicetree Specification 0.4, 2.2.3).
   */
  public Optional<FdtNode> child(String childName) {
    FdtNode byBase = null;
    boolean ambiguous = false;
    for (FdtNode child : children) {
      if (child.name.equals(childName)) {
        return Optional.of(child);
      }
      if (child.name.length() > childName.length() && child.name.startsWith(childName)
          && child.name.charAt(childName.length()) == '@') {
        ambiguous = byBase != null;
        byBase = child;
      }
    }
    return ambiguous ? Optional.empty() : Optional.ofNullable(byBase);
  }

  /** This node with the property: in the place of one of the same name, else at the end. */
  public FdtNode withProperty(FdtProperty property) {
    List<FdtProperty> changed = new ArrayList<>(properties);
    for (int i = 0; i < changed.size(); i++) {
      if (changed.get(i).name().equals(property.name())) {
        changed.set(i, property);
        return new FdtNode(name, changed, children);
      }
    }
    changed.add(property);
    return new FdtNode(name, changed, children);
  }

  /** This node without the property of that name, or this node itself if there is none. */
  public FdtNode withoutProperty(String propertyName) {
    if (!has(propertyName)) {
      return this;
    }
    return new FdtNode(name, properties.stream().filter(p -> !p.name().equals(propertyName)).toList(), children);
  }

  /** This node with the child: in the place of one of the same full name, else at the end. */
  public FdtNode withChild(FdtNode child) {
    List<FdtNode> changed = new ArrayList<>(children);
    for (int i = 0; i < changed.size(); i++) {
      if (changed.get(i).name.equals(child.name)) {
        changed.set(i, child);
        return new FdtNode(name, properties, changed);
      }
    }
    changed.add(child);
    return new FdtNode(name, properties, changed);
  }

  /** This node without the child of that full name. */
  public FdtNode withoutChild(String childName) {
    return new FdtNode(name, properties, children.stream().filter(c -> !c.name.equals(childName)).toList());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FdtNode n && name.equals(n.name) && properties.equals(n.properties)
        && children.equals(n.children);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * name.hashCode() + properties.hashCode()) + children.hashCode();
  }

  @Override
  public String toString() {
    return (name.isEmpty() ? "/" : name) + " {" + properties.size() + " properties, " + children.size()
        + " children}";
  }
}
