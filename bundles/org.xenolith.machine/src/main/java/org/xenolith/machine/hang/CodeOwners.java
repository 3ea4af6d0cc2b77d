// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.hang;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;

/** Which bundle the code on a stack is of. Slow: for when something has gone wrong. */
public interface CodeOwners {
  /** The owner of a class by its name; {@link Owner#bundle} is empty if it is the JVM's or the framework's. */
  Owner of(String className);

  /**
   * A bundle.
   *
   * @param bundle      symbolic name
   * @param application whether it drives machines: what happens in it is none of a model's doing
   */
  record Owner(String bundle, boolean application) {}

  /** The bundles of a framework, by the packages in them. */
  static CodeOwners in(BundleContext context) {
    String control = org.xenolith.machine.control.Machine.class.getPackageName();
    return className -> {
      int dot = className.lastIndexOf('.');
      String folder = dot < 0 ? "/" : className.substring(0, dot).replace('.', '/');
      for (Bundle bundle : context.getBundles()) {
        BundleWiring wiring = bundle.getBundleId() == 0 ? null : bundle.adapt(BundleWiring.class);
        if (wiring != null && !wiring.listResources(folder, "*.class", BundleWiring.LISTRESOURCES_LOCAL).isEmpty()) {
          return new Owner(bundle.getSymbolicName(), bundle != context.getBundle() && wiring.getCapabilities("osgi.wiring.package")
              .isEmpty()
              && uses(wiring, control));
        }
      }
      return new Owner("", false);
    };
  }

  private static boolean uses(BundleWiring wiring, String exported) {
    return wiring.getRequiredWires("osgi.wiring.package").stream()
        .anyMatch(wire -> exported.equals(wire.getCapability().getAttributes().get("osgi.wiring.package")));
  }
}
