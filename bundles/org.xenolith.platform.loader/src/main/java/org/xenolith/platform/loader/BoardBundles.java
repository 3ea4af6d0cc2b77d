// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;
import org.xenolith.command.api.HostReason;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.PlatformException;

/**
 * Offers the boards of bundles that are files, in the name of those bundles: a capability {@value #CAPABILITY} of their manifest
 * names a file, and a board has the name of its file. Such a bundle needs no Java. A capability, because the framework keeps those; for a
 * header of ours it would parse the manifests of all bundles at each start.
 */
final class BoardBundles implements SynchronousBundleListener {
  static final String CAPABILITY = "xenolith.board";
  static final String FILE = "file";
  private static final int LIVE = Bundle.STARTING | Bundle.ACTIVE;

  private final BridgeKinds bridges;
  private final Map<Long, ServiceRegistration<?>[]> offered = new ConcurrentHashMap<>();

  BoardBundles(BridgeKinds bridges) {
    this.bridges = bridges;
  }

  void open(BundleContext context) {
    context.addBundleListener(this);
    for (Bundle bundle : context.getBundles()) {
      if ((bundle.getState() & LIVE) != 0) {
        offer(bundle);
      }
    }
  }

  void close(BundleContext context) {
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
    List<BundleCapability> boards = revision == null ? List.of() : revision.getDeclaredCapabilities(CAPABILITY);
    if (boards.isEmpty() || bundle.getBundleContext() == null || offered.containsKey(bundle.getBundleId())) {
      return;
    }
    ServiceRegistration<?>[] registrations = new ServiceRegistration<?>[boards.size()];
    for (int i = 0; i < registrations.length; i++) {
      // A name that no file has, if it is missing: asked for that board, the reader says what the manifest lacks.
      String path = boards.get(i).getAttributes().get(FILE) instanceof String file ? file : bundle.getSymbolicName() + ".platform";
      String name = new PlatformFile(Path.of(path), new byte[0]).platformName();
      Hashtable<String, Object> properties = new Hashtable<>(Map.of("xenolith.board", name));
      registrations[i] = bundle.getBundleContext().registerService(BoardProvider.class, new BoardFile(name, () -> read(bundle, path),
          bridges), properties);
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

  private static Topology read(Bundle bundle, String path) {
    URL entry = bundle.getEntry(path);
    Path name = Path.of(bundle.getSymbolicName(), path);
    if (entry == null) {
      throw new PlatformException(name + " doesn't exist; correct the bundle's manifest (Provide-Capability: " + CAPABILITY + ";" + FILE
          + "=\"PATH\")");
    }
    try (InputStream in = entry.openStream()) {
      return BoardReader.read(new PlatformFile(name, in.readAllBytes()));
    } catch (IOException e) {
      throw new PlatformException(name + " can't be read: " + HostReason.of(name, e).text() + "; build the bundle again", e);
    }
  }
}
