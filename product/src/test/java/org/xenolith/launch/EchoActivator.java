// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.Hashtable;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** A command line for tests, packed in a bundle of its own: its exit code is the number of its arguments. */
public final class EchoActivator implements BundleActivator {

  @Override
  public void start(BundleContext context) {
    ToIntFunction<String[]> main = arguments -> arguments.length;
    context.registerService(ToIntFunction.class, main, new Hashtable<>(Map.of("xenolith.main", true)));
  }

  @Override
  public void stop(BundleContext context) {
    // the framework unregisters the service
  }
}
