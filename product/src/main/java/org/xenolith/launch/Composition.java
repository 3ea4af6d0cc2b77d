// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** What a product has its bundles do. */
public interface Composition {
  /** Properties of the framework, besides those that all products have. */
  Map<String, String> settings();

  /** The start level at which a bundle, which isn't a fragment, is started when the product is prepared; 0 for one that isn't. */
  int level(Bundle bundle);

  /** The framework is there, with its bundles, of which none has been started. */
  void begin(BundleContext framework);
}
