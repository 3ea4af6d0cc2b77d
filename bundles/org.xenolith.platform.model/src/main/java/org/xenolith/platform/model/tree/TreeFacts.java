// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.model.tree;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.emf.common.notify.Adapter;
import org.eclipse.emf.common.notify.Notification;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.emf.ecore.util.EContentAdapter;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtFaults;
import org.xenolith.fdt.FdtIndex;
import org.xenolith.fdt.FdtNode;
import org.xenolith.platform.model.Node;
import org.xenolith.platform.model.Platform;

/**
 * The tree of a model, made when a derived feature is first asked for and kept until the model changes. Made for a model
 * only then, so that reading and writing files costs nothing extra.
 */
final class TreeFacts extends EContentAdapter {
  /** Derived features show what can be shown; telling what is wrong is the validation's work. */
  static final FdtFaults UNHEARD = (path, what, remedy) -> {};

  private final Platform platform;
  private View view;

  /** Both sides of the model at one moment. */
  private record View(FdtIndex index, Map<Node, FdtNode> nodes, Map<FdtNode, Node> models) {}

  private TreeFacts(Platform platform) {
    this.platform = platform;
  }

  /** A node's place in the tree of its platform. */
  record Place(FdtIndex index, FdtNode node, Map<FdtNode, Node> models) {}

  /** Where a node stands; empty if it is in no platform, or the platform is no sound tree at the moment. */
  static Optional<Place> of(Node node) {
    EObject at = node;
    while (at != null && !(at instanceof Platform)) {
      at = at.eContainer();
    }
    if (!(at instanceof Platform platform)) {
      return Optional.empty();
    }
    View view = attached(platform).view();
    FdtNode here = view == null ? null : view.nodes().get(node);
    return here == null ? Optional.empty() : Optional.of(new Place(view.index(), here, view.models()));
  }

  private static TreeFacts attached(Platform platform) {
    for (Adapter adapter : platform.eAdapters()) {
      if (adapter instanceof TreeFacts facts) {
        return facts;
      }
    }
    TreeFacts facts = new TreeFacts(platform);
    platform.eAdapters().add(facts);
    return facts;
  }

  private View view() {
    if (view == null) {
      Map<Node, FdtNode> nodes = new IdentityHashMap<>();
      Map<FdtNode, Node> models = new IdentityHashMap<>();
      try {
        FdtIndex index = TreeConversion.toTree(platform, (model, node) -> {
          nodes.put(model, node);
          models.put(node, model);
        }).index();
        view = new View(index, nodes, models);
      } catch (FdtException e) {
        return null;
      }
    }
    return view;
  }

  @Override
  public void notifyChanged(Notification notification) {
    super.notifyChanged(notification);
    if (!notification.isTouch()) {
      view = null;
    }
  }
}
