// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Has what bundles bring as files offered as long as those are active: a capability of their manifest names each file, so that such a bundle needs no Java. A capability,
 * because the framework keeps those; for a header of ours it would parse the manifests of all bundles at each start.
 */
public final class BundleFiles implements SynchronousBundleListener {
  /** The attribute of the capability that names the file. */
  public static final String FILE = "file";
  private static final int LIVE = Bundle.STARTING | Bundle.ACTIVE;

  private final String capability;
  private final BiFunction<Bundle, String, ServiceRegistration<?>> offering;
  private final Map<Long, ServiceRegistration<?>[]> offered = new ConcurrentHashMap<>();

  /**
   * @param capability its name
   * @param offering   registers the service for a file in the bundle's name; the file is empty if the capability names none
   */
  public BundleFiles(String capability, BiFunction<Bundle, String, ServiceRegistration<?>> offering) {
    this.capability = capability;
    this.offering = offering;
  }

  /** Begins, with the bundles that are there. */
  public void open(BundleContext context) {
    context.addBundleListener(this);
    for (Bundle bundle : context.getBundles()) {
      if ((bundle.getState() & LIVE) != 0) {
        offer(bundle);
      }
    }
  }

  /** Ends, and withdraws all. */
  public void close(BundleContext context) {
    context.removeBundleListener(this);
    offered.keySet().forEach(this::withdraw);
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    switch (event.getType()) {
      case BundleEvent.LAZY_ACTIVATION, BundleEvent.STARTED -> offer(event.getBundle());
      case BundleEvent.STOPPING -> withdraw(event.getBundle().getBundleId());
      default -> {
      }
    }
  }

  private synchronized void offer(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    List<BundleCapability> files = revision == null ? List.of() : revision.getDeclaredCapabilities(capability);
    if (files.isEmpty() || bundle.getBundleContext() == null || offered.containsKey(bundle.getBundleId())) {
      return;
    }
    ServiceRegistration<?>[] registrations = new ServiceRegistration<?>[files.size()];
    for (int i = 0; i < registrations.length; i++) {
      registrations[i] = offering.apply(bundle, files.get(i).getAttributes().get(FILE) instanceof String file ? file : "");
    }
    offered.put(bundle.getBundleId(), registrations);
  }

  private synchronized void withdraw(long bundle) {
    ServiceRegistration<?>[] registrations = offered.remove(bundle);
    if (registrations != null) {
      for (ServiceRegistration<?> registration : registrations) {
        try {
          registration.unregister();
        } catch (IllegalStateException e) {
          // the bundle is stopped: the framework has taken its services
        }
      }
    }
  }
}
