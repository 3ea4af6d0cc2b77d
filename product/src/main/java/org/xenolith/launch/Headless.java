// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;

/**
 * The product without a window: each bundle runs, but for the OSGi shell's, and for those that ask to be started when they are used. Those are Eclipse's, which look for
 * its registry of extensions then; without it, their classes are what they are in any Java program.
 */
final class Headless implements Composition {
  /** What bundles of the OSGi shell say they have: whoever wants a shell starts them. Others would wait for them at each start. */
  private static final String SHELL = "org.apache.felix.gogo";

  @Override
  public Map<String, String> settings() {
    return Map.of();
  }

  @Override
  public int level(Bundle bundle) {
    boolean runs = bundle.getHeaders("").get(Constants.BUNDLE_ACTIVATIONPOLICY) == null;
    return runs && bundle.adapt(BundleRevision.class).getDeclaredCapabilities(SHELL).isEmpty() ? 1 : 0;
  }

  @Override
  public void begin(BundleContext framework) {
    // All that runs are bundles.
  }
}
