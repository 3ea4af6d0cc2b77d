// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.conformance.api.ApiListing.ExportedPackage;
import org.xenolith.conformance.layers.BuiltBundle;
import org.xenolith.conformance.layers.Checkout;
import org.xenolith.conformance.layers.Layers;

/** The versions of exported packages follow what changed in them since the last landing. */
class BaselineTest {

  private final Baseline baseline = new Baseline(Checkout.root());
  private final Layers layers = Layers.ofCheckout();

  @Test
  void exportedPackagesKeepTheirVersionsPromise() throws IOException {
    List<String> problems = new ArrayList<>();
    for (BuiltBundle bundle : Checkout.bundles()) {
      if (!Baseline.watches(bundle, layers)) {
        continue; // promised to nobody
      }
      var old = baseline.of(bundle.name()).packages();
      var now = ApiListing.of(bundle).packages();
      for (String name : old.keySet()) {
        if (now.containsKey(name)) {
          problems.add(new ApiChange(name, old.get(name), now.get(name)).problem());
        } else {
          problems.add(bundle.name() + " does not export " + name + " any more: keep it, deprecated, for a major");
        }
      }
    }
    problems.removeIf(String::isEmpty);
    assertEquals("", String.join("\n", problems));
  }

  /** A contract that slips past the baseline would be free to change without a trace. */
  @Test
  void everyExportingBundleHasABaselineOnceSomethingHasLanded() throws IOException {
    if (baseline.isEmpty()) {
      return; // before the first landing there is nothing to keep
    }
    List<String> exporting = Checkout.bundles().stream().filter(bundle -> Baseline.watches(bundle, layers)).map(BuiltBundle::name).toList();
    assertEquals(exporting, baseline.bundles(), "run releng/update-baseline when the change is meant");
  }

  @Test
  void builtContractsAreListed() {
    BuiltBundle regs = Checkout.bundles().stream().filter(b -> b.name().equals("org.xenolith.regs")).findFirst().orElseThrow();
    ExportedPackage exported = ApiListing.of(regs).packages().get("org.xenolith.regs");
    assertEquals(1, exported.lines().stream().filter(l -> l.startsWith("org.xenolith.regs.RegisterFile: ")).count());
  }
}
