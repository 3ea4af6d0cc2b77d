// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.model.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.emf.common.util.EList;
import org.eclipse.emf.common.util.TreeIterator;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.emf.ecore.EStructuralFeature;
import org.eclipse.emf.ecore.InternalEObject;
import org.eclipse.emf.ecore.util.EcoreEList;
import org.xenolith.fdt.FdtAddresses;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtInterrupts;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReference;
import org.xenolith.fdt.FdtReferences;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.model.IdMapping;
import org.xenolith.platform.model.Node;
import org.xenolith.platform.model.Platform;
import org.xenolith.platform.model.PlatformFactory;
import org.xenolith.platform.model.PlatformPackage;
import org.xenolith.platform.model.Reference;

/**
 * What the model's derived features answer. Never throws: a property that can't be understood counts as absent here, and
 * validation tells about it.
 */
public final class NodeFacts {
  private static final Set<String> TYPED = Set.of("compatible", "status", "reg", "interrupts", "interrupts-extended",
      "clocks", "iommus", "iommu-map", "msi-map", "#address-cells", "#size-cells");

  private NodeFacts() {}

  /** All nodes of a kind below a platform's root, in the order of the tree; what variants would add isn't there. */
  public static <T> EList<T> all(Platform platform, EStructuralFeature feature, Class<T> kind) {
    List<T> found = new ArrayList<>();
    if (platform.getRoot() != null) {
      for (TreeIterator<EObject> all = platform.getRoot().eAllContents(); all.hasNext();) {
        EObject next = all.next();
        if (kind.isInstance(next)) {
          found.add(kind.cast(next));
        }
      }
    }
    return list(platform, feature, found);
  }

  /** Full path, from names alone; a node outside any platform counts as below a root. */
  public static String path(Node node) {
    if (node.getParent() == null) {
      return node.eContainer() != null || node.getName() == null ? "/" : "/" + node.getName();
    }
    String parent = path(node.getParent());
    return (parent.equals("/") ? "" : parent) + "/" + node.getName();
  }

  /** Strings of {@code compatible}. */
  public static EList<String> compatible(Node node) {
    return list(node, PlatformPackage.Literals.NODE__COMPATIBLE,
        property(node, "compatible").flatMap(NodeFacts::strings).orElse(List.of()));
  }

  /** Whether no {@code status} from here to the root forbids the node. */
  public static boolean enabled(Node node) {
    for (Node at = node; at != null; at = at.getParent()) {
      Optional<FdtProperty> status = property(at, "status");
      if (status.isPresent() && !status.flatMap(NodeFacts::strings).map(s -> s.equals(List.of("okay"))
          || s.equals(List.of("ok"))).orElse(false)) {
        return false;
      }
    }
    return true;
  }

  /** {@code reg} of a CPU: affinity fields. */
  public static long affinity(Node cpu) {
    return property(cpu, "reg").filter(p -> p.length() == 4 || p.length() == 8).map(FdtProperty::number).orElse(0L);
  }

  /** {@code enable-method} of a CPU, or null. */
  public static String enableMethod(Node cpu) {
    return property(cpu, "enable-method").flatMap(NodeFacts::strings).filter(s -> !s.isEmpty()).map(List::getFirst)
        .orElse(null);
  }

  /** {@code reg} in CPU addresses. */
  public static EList<AddressWindow> windows(Node node) {
    List<AddressWindow> windows = TreeFacts.of(node).map(place -> new FdtAddresses(place.index(), TreeFacts.UNHEARD)
        .windows(place.node()).stream().map(w -> new AddressWindow(w.base(), w.size())).toList()).orElse(List.of());
    return list(node, PlatformPackage.Literals.ADDRESSED_NODE__WINDOWS, windows);
  }

  /** Interrupts, at their controllers. */
  public static EList<Reference> interrupts(Node node) {
    List<Reference> interrupts = TreeFacts.of(node).map(place -> new FdtInterrupts(place.index(), TreeFacts.UNHEARD)
        .of(place.node()).stream().map(r -> reference(place, r)).toList()).orElse(List.of());
    return list(node, PlatformPackage.Literals.DEVICE__INTERRUPTS, interrupts);
  }

  /** References of a property such as {@code clocks}. */
  public static EList<Reference> references(Node node, EStructuralFeature feature, String property, String cells) {
    List<Reference> references = TreeFacts.of(node).map(place -> new FdtReferences(place.index(), TreeFacts.UNHEARD)
        .of(place.node(), property, cells).stream().map(r -> reference(place, r)).toList()).orElse(List.of());
    return list(node, feature, references);
  }

  /** Rows of {@code iommu-map} or {@code msi-map}. */
  public static EList<IdMapping> map(Node node, EStructuralFeature feature, String property) {
    List<IdMapping> rows = TreeFacts.of(node).map(place -> new FdtReferences(place.index(), TreeFacts.UNHEARD)
        .map(place.node(), property).stream().map(r -> mapping(place, r)).toList()).orElse(List.of());
    return list(node, feature, rows);
  }

  /** Properties that no typed feature shows. */
  public static EList<FdtProperty> otherProperties(Node node) {
    return list(node, PlatformPackage.Literals.DEVICE__OTHER_PROPERTIES,
        node.getProperties().stream().filter(p -> !TYPED.contains(p.name())).toList());
  }

  /** {@code #address-cells} that a bus gives its children. */
  public static int addressCells(Node bus) {
    return TreeFacts.of(bus).map(p -> new FdtAddresses(p.index(), TreeFacts.UNHEARD).addressCells(p.node())).orElse(0);
  }

  /** {@code #size-cells} that a bus gives its children. */
  public static int sizeCells(Node bus) {
    return TreeFacts.of(bus).map(p -> new FdtAddresses(p.index(), TreeFacts.UNHEARD).sizeCells(p.node())).orElse(0);
  }

  private static Reference reference(TreeFacts.Place place, FdtReference from) {
    Reference reference = PlatformFactory.eINSTANCE.createReference();
    reference.setProvider(model(place, from.provider()));
    for (int cell : from.cells()) {
      reference.getCells().add(cell);
    }
    return reference;
  }

  private static IdMapping mapping(TreeFacts.Place place, FdtReferences.MapEntry from) {
    IdMapping row = PlatformFactory.eINSTANCE.createIdMapping();
    row.setFirstId(from.firstId());
    row.setProvider(model(place, from.provider()));
    row.setFirstOut(from.firstOut());
    row.setLength(from.length());
    return row;
  }

  private static Node model(TreeFacts.Place place, FdtNode node) {
    return place.models().get(node);
  }

  private static Optional<FdtProperty> property(Node node, String name) {
    return node.getProperties().stream().filter(p -> p.name().equals(name)).findFirst();
  }

  private static Optional<List<String>> strings(FdtProperty property) {
    try {
      return Optional.of(property.strings());
    } catch (FdtException e) {
      return Optional.empty();
    }
  }

  private static <T> EList<T> list(EObject owner, EStructuralFeature feature, List<T> elements) {
    return new EcoreEList.UnmodifiableEList<>((InternalEObject) owner, feature, elements.size(), elements.toArray());
  }
}
