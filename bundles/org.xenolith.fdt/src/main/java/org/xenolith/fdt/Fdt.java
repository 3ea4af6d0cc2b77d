// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A devicetree with what its blob's header adds. Two of them are equal when everything that a guest can see of them is:
 * header facts, reservations, and all nodes and properties in order.
 *
 * @param bootCpuid    physical id of the CPU that boots, as in {@code reg} of its node
 * @param reservations the memory reservation block
 * @param root         the root node; its name is empty
 */
public record Fdt(int bootCpuid, List<FdtReservation> reservations, FdtNode root) {
  /** Copies the list and checks that {@code root} is one. */
  public Fdt {
    reservations = List.copyOf(reservations);
    if (!root.name().isEmpty()) {
      throw new FdtException("the root node is named '" + root.name() + "'", "leave the root's name empty");
    }
  }

  /** A tree that boots on CPU 0 and reserves nothing. */
  public static Fdt of(FdtNode root) {
    return new Fdt(0, List.of(), root);
  }

  /**
   * The node of a path: {@code /a/b@1} from the root, or starting with an alias ({@code serial0},
   * {@code serial0/child}). Options after a colon, as in {@code stdout-path}, are passed over. A unit address may be
   * left out where that stays unambiguous.
   *
   * @throws FdtException if the path starts with an alias that isn't a string
   */
  public Optional<FdtNode> node(String path) {
    return nodesOn(path).map(List::getLast);
  }

  /** The full path of the node that {@link #node(String)} would give. */
  public Optional<String> fullPath(String path) {
    return nodesOn(path).map(Fdt::pathOf);
  }

  /** The path that the property {@code alias} of the {@code /aliases} node holds. */
  public Optional<String> alias(String alias) {
    return root.child("aliases").flatMap(a -> a.property(alias)).map(FdtProperty::string);
  }

  /** This tree with one node replaced by what {@code change} makes of it; the path is as in {@link #node(String)}. */
  public Fdt edit(String path, UnaryOperator<FdtNode> change) {
    List<FdtNode> nodes = nodesOn(path).orElseThrow(() -> new FdtException("there is no node " + path,
        "look at the paths of the tree"));
    FdtNode changed = change.apply(nodes.getLast());
    for (int i = nodes.size() - 2; i >= 0; i--) {
      FdtNode parent = nodes.get(i);
      FdtNode old = nodes.get(i + 1);
      FdtNode mine = changed;
      changed = new FdtNode(parent.name(), parent.properties(),
          parent.children().stream().map(c -> c == old ? mine : c).toList());
    }
    return new Fdt(bootCpuid, reservations, changed);
  }

  /** The same header facts with another tree. */
  public Fdt withRoot(FdtNode changed) {
    return new Fdt(bootCpuid, reservations, changed);
  }

  /** Paths and phandles of all nodes; made anew on each call, so keep it. */
  public FdtIndex index() {
    return new FdtIndex(root);
  }

  private Optional<List<FdtNode>> nodesOn(String path) {
    int colon = path.lastIndexOf(':');
    Optional<List<FdtNode>> found = resolve(path);
    return found.isPresent() || colon < 0 ? found : resolve(path.substring(0, colon));
  }

  private Optional<List<FdtNode>> resolve(String path) {
    if (path.startsWith("/")) {
      return descend(path);
    }
    int slash = path.indexOf('/');
    String first = slash < 0 ? path : path.substring(0, slash);
    String rest = slash < 0 ? "" : path.substring(slash);
    // an alias holds a full path; one that names another alias would make a cycle possible
    return alias(first).filter(target -> target.startsWith("/")).flatMap(target -> descend(target + rest));
  }

  private Optional<List<FdtNode>> descend(String path) {
    List<FdtNode> nodes = new ArrayList<>();
    nodes.add(root);
    for (String step : path.split("/")) {
      if (!step.isEmpty()) {
        Optional<FdtNode> child = nodes.getLast().child(step);
        if (child.isEmpty()) {
          return Optional.empty();
        }
        nodes.add(child.get());
      }
    }
    return Optional.of(nodes);
  }

  private static String pathOf(List<FdtNode> nodes) {
    if (nodes.size() == 1) {
      return "/";
    }
    StringBuilder path = new StringBuilder();
    nodes.stream().skip(1).forEach(n -> path.append('/').append(n.name()));
    return path.toString();
  }
}
