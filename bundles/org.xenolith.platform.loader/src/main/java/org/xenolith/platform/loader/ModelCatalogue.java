// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/**
 * The installed models, by service reference. A factory is fetched only while its description is read, so that nothing
 * here keeps a model's class loader alive.
 */
final class ModelCatalogue implements Models {
  private static final String COMPATIBLE = "xenolith.compatible";

  private final BundleContext context;
  /** Highest ranking last, as service references compare. */
  private final ConcurrentSkipListSet<ServiceReference<DeviceModelFactory>> factories = new ConcurrentSkipListSet<>();

  ModelCatalogue(BundleContext context) {
    this.context = context;
  }

  void add(ServiceReference<DeviceModelFactory> factory) {
    factories.add(factory);
  }

  void remove(ServiceReference<DeviceModelFactory> factory) {
    factories.remove(factory);
  }

  @Override
  public Optional<ModelDescription> serving(List<String> compatible) {
    for (String value : compatible) {
      for (ServiceReference<DeviceModelFactory> factory : factories.descendingSet()) {
        if (values(factory.getProperty(COMPATIBLE)).contains(value)) {
          return description(factory);
        }
      }
    }
    return Optional.empty();
  }

  private Optional<ModelDescription> description(ServiceReference<DeviceModelFactory> reference) {
    DeviceModelFactory factory = context.getService(reference);
    if (factory == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(factory.description());
    } finally {
      context.ungetService(reference);
    }
  }

  private static List<String> values(Object property) {
    return switch (property) {
      case String one -> List.of(one);
      case String[] several -> Arrays.asList(several);
      case null, default -> List.of();
    };
  }
}
