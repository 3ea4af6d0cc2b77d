// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.xenolith.platform.api.HostBridgeKind;

/** The kinds by service reference: one is fetched when a board is made with it, so that no bundle is loaded or kept for its name. */
final class HostBridgeCatalogue implements BridgeKinds {
  private final BundleContext context;
  /** Highest ranking last, as service references compare. */
  private final ConcurrentSkipListSet<ServiceReference<HostBridgeKind>> kinds = new ConcurrentSkipListSet<>();

  HostBridgeCatalogue(BundleContext context) {
    this.context = context;
  }

  void add(ServiceReference<HostBridgeKind> kind) {
    kinds.add(kind);
  }

  void remove(ServiceReference<HostBridgeKind> kind) {
    kinds.remove(kind);
  }

  @Override
  public List<String> names() {
    return kinds.stream().map(HostBridgeCatalogue::name).filter(name -> !name.isEmpty()).distinct().sorted().toList();
  }

  @Override
  public Optional<HostBridgeKind> kind(String name) {
    for (ServiceReference<HostBridgeKind> reference : kinds.descendingSet()) {
      if (name(reference).equals(name)) {
        return Optional.ofNullable(context.getService(reference));
      }
    }
    return Optional.empty();
  }

  private static String name(ServiceReference<HostBridgeKind> reference) {
    return reference.getProperty(HostBridgeKind.NAME) instanceof String name ? name : "";
  }
}
