// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The versions of kits are the release's: a kit may change in any way from one release to the next, so that who was built with one takes
 * no other. Each kit and all its packages have the version of the release, and whoever imports one of them takes this release's only.
 */
final class KitRules {
  private static final String RELEASE = "0.2.0";
  /** With or without zeros that mean nothing. */
  private static final String RANGE = "\\[0\\.2(\\.0)?,0\\.3(\\.0)?\\)";

  private KitRules() {}

  /** What breaks a rule, one line each. */
  static List<String> violations(Layers layers, List<BuiltBundle> bundles) {
    List<String> violations = new ArrayList<>();
    Map<String, String> kits = new HashMap<>();
    for (BuiltBundle bundle : bundles) {
      if (layers.isKit(bundle.name())) {
        if (!bundle.version().equals(RELEASE)) {
          violations.add(bundle.name() + " is a kit and has version " + bundle.version() + ": kits have the release's, " + RELEASE);
        }
        bundle.exports().forEach((name, version) -> {
          kits.put(name, bundle.name());
          if (!version.equals(RELEASE)) {
            violations.add(bundle.name() + " exports " + name + " as version " + version + ": kits have the release's, " + RELEASE);
          }
        });
      }
    }
    for (BuiltBundle bundle : bundles) {
      bundle.imports().forEach((name, range) -> {
        if (kits.containsKey(name) && !kits.get(name).equals(bundle.name()) && !range.matches(RANGE)) {
          violations.add(bundle.name() + " imports " + name + " of the kit " + kits.get(name) + " as " + range
              + ": only this release's will do, [0.2,0.3)");
        }
      });
    }
    return violations;
  }
}
