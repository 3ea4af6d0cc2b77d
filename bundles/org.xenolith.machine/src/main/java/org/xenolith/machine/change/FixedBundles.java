// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.change;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;

/** Which bundles can't be changed while the program runs: the framework, what others are built on, and cores, which say so. */
final class FixedBundles {
  /** A header of cores and applications: {@code restart}. */
  static final String HEADER = "Xenolith-Change";
  private static final int NAMED = 3;
  private final BundleContext context;

  FixedBundles(BundleContext context) {
    this.context = context;
  }

  /** Why an installed bundle can't be replaced or removed; null if it can. */
  String reason(Bundle bundle) {
    String restart = "; put the jar into the product and start again";
    if (bundle.getBundleId() == 0) {
      return bundle.getSymbolicName() + " is the framework that everything runs in, it isn't changed while the program runs" + restart;
    }
    if ("restart".equals(bundle.getHeaders("").get(HEADER))) {
      return bundle.getSymbolicName() + " is a core of the program, not a model: it isn't changed while the program runs" + restart;
    }
    BundleWiring own = bundle.adapt(BundleWiring.class);
    if (own != null && !own.getCapabilities("osgi.extender").isEmpty()) {
      return bundle.getSymbolicName() + " is what starts the other bundles' components: it isn't changed while the program runs" + restart;
    }
    Set<String> users = users(bundle);
    if (!users.isEmpty()) {
      return bundle.getSymbolicName() + " is what other bundles are built on (" + users.stream().limit(NAMED).collect(Collectors.joining(
          ", "))
          + (users.size() > NAMED ? " and " + (users.size() - NAMED) + " more" : "") + "): it isn't changed while the program runs"
          + restart;
    }
    return null;
  }

  /** Why a jar can't be added; null if it can. */
  String reason(JarFacts facts) {
    for (String exported : facts.exports()) {
      for (Bundle bundle : context.getBundles()) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        if (wiring != null && wiring.getCapabilities("osgi.wiring.package").stream()
            .anyMatch(capability -> exported.equals(capability.getAttributes().get("osgi.wiring.package")))) {
          return "it exports " + exported + ", which is " + bundle.getSymbolicName()
              + "'s: contracts aren't changed while the program runs;"
              + " import the package instead";
        }
      }
    }
    return null;
  }

  private static Set<String> users(Bundle bundle) {
    BundleWiring wiring = bundle.adapt(BundleWiring.class);
    if (wiring == null) {
      return Set.of();
    }
    return wiring.getProvidedWires(null).stream().map(wire -> wire.getRequirer().getBundle())
        .filter(user -> user != bundle && user.getState() != Bundle.UNINSTALLED).map(Bundle::getSymbolicName)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
