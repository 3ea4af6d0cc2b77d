// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.offers;

import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** A service fetched when it is needed first, so that the bundles of models that no machine has stay asleep. */
final class ServiceSource<T> implements Supplier<T> {
  private final BundleContext context;
  private final ServiceReference<T> reference;
  private T service;

  ServiceSource(BundleContext context, ServiceReference<T> reference) {
    this.context = context;
    this.reference = reference;
  }

  @Override
  public synchronized T get() {
    if (service == null) {
      service = context.getService(reference);
    }
    return service;
  }
}
