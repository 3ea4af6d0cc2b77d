// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rules of the map: who may import and export what.
 *
 * <ul>
 *   <li>A bundle imports from smaller layers only. Base and contracts may also import among themselves, and the
 *       cores the one core that exports, the EMF model.
 *   <li>A contract imports no kit: what kits hold is promised to nobody.
 *   <li>Only base, contracts and the EMF model export, each package with a version.
 *   <li>Imports of ours have a version range; Require-Bundle and dynamic imports are the workbench's alone.
 *   <li>From outside, base, contracts, cores and providers use OSGi only; the test kit and JUnit's extension also JUnit, the EMF model and
 *       its loader also EMF, the Debian guest and the PVH loader also what unpacks, who offers a command what commands are made with, and the commands' kit what
 *       writes their answers for programs.
 * </ul>
 */
final class LayerRules {
  /** Who speaks a protocol of editors, whose messages a library has. */
  private static final Set<String> ADAPTERS = Set.of(Layers.PREFIX + "dap");
  /** What commands share. */
  private static final Set<String> COMMANDS = Set.of(Layers.PREFIX + "command.kit");
  /** Bundles that read packed files of others. */
  private static final Set<String> UNPACKERS = Set.of(Layers.PREFIX + "guest.debian", Layers.PREFIX + "pvh.kit",
      Layers.PREFIX + "boot.kit", Layers.PREFIX + "boot.pvh", Layers.PREFIX + "block.packed");

  /** Who judges signatures of Secure Boot. */
  private static final Set<String> SIGNATURES = Set.of(Layers.PREFIX + "efi.variables", Layers.PREFIX + "efi.signatures", Layers.PREFIX
      + "efi.secure.kit");
  /** What JUnit is extended by. */
  private static final String EXTENSION = Layers.PREFIX + "junit";
  private static final int BASE = 0;
  private static final int CONTRACTS = 1;
  private static final int CORES = 2;
  private static final int PROVIDERS = 3;
  private static final int WORKBENCH = 5;
  private static final String MODEL = Layers.PREFIX + "platform.model";

  private final Layers layers;
  private final List<String> violations = new ArrayList<>();
  private final Map<String, BuiltBundle> exporters = new HashMap<>();

  private LayerRules(Layers layers) {
    this.layers = layers;
  }

  /** What breaks a rule, one line each, in the order of the bundles. */
  static List<String> violations(Layers layers, List<BuiltBundle> bundles) {
    LayerRules rules = new LayerRules(layers);
    for (BuiltBundle bundle : bundles) {
      bundle.exports().keySet().forEach(name -> rules.exporters.put(name, bundle));
    }
    bundles.forEach(rules::check);
    return rules.violations;
  }

  private void check(BuiltBundle bundle) {
    if (layers.layerOf(bundle.name()).isEmpty()) {
      violations.add(bundle.name() + ": no pattern in releng/layers.txt gives it a layer");
      return;
    }
    int layer = layer(bundle);
    checkExports(bundle, layer);
    bundle.imports().forEach((name, range) -> checkImport(bundle, layer, name, range));
    if (layer < WORKBENCH && !bundle.requires().isEmpty()) {
      violations.add(bundle.name() + " (L" + layer + ") has Require-Bundle " + bundle.requires() + ": import packages");
    }
    if (layer < WORKBENCH && !bundle.dynamicImports().isEmpty()) {
      violations.add(bundle.name() + " (L" + layer + ") has DynamicImport-Package " + bundle.dynamicImports());
    }
  }

  private void checkExports(BuiltBundle bundle, int layer) {
    boolean mayExport = layer <= CONTRACTS || bundle.name().equals(MODEL);
    bundle.exports().forEach((name, version) -> {
      if (!mayExport) {
        violations.add(bundle.name() + " (L" + layer + ") exports " + name + ": only L0, L1 and " + MODEL + " export");
      } else if (version.isEmpty()) {
        violations.add(bundle.name() + " exports " + name + " without a version");
      }
    });
  }

  private void checkImport(BuiltBundle bundle, int layer, String name, String range) {
    if (!name.startsWith(Layers.PREFIX)) {
      if (layer <= PROVIDERS && !allowedFromOutside(bundle, name)) {
        violations.add(bundle.name() + " (L" + layer + ") imports " + name + " from outside");
      }
      return;
    }
    BuiltBundle exporter = exporters.get(name);
    if (exporter == null) {
      violations.add(bundle.name() + " imports " + name + ", which no bundle exports");
      return;
    }
    int from = layer(exporter);
    boolean among = from == layer && (layer <= CONTRACTS || layer == CORES && exporter.name().equals(MODEL));
    if (exporter != bundle && from >= layer && !among) {
      violations.add(bundle.name() + " (L" + layer + ") imports " + name + " of " + exporter.name() + " (L" + from + ")");
    }
    if (layer == CONTRACTS && !layers.isKit(bundle.name()) && layers.isKit(exporter.name())) {
      violations.add(bundle.name() + " (L1, a contract) imports " + name + " of " + exporter.name()
          + ", a kit: what contracts share is a contract");
    }
    if (range.isEmpty()) {
      violations.add(bundle.name() + " imports " + name + " without a version range");
    }
  }

  private static boolean allowedFromOutside(BuiltBundle bundle, String name) {
    return name.startsWith("org.osgi.")
        || name.startsWith("java.")
        || fromTheJdk(name)
        || (bundle.name() + ".").startsWith(Layers.PREFIX + "testkit.") && name.startsWith("org.junit.")
        || bundle.name().equals(EXTENSION) && (name.startsWith("org.junit.") || name.equals("org.opentest4j"))
        || SIGNATURES.contains(bundle.name()) && name.startsWith("org.bouncycastle.")
        || bundle.name().startsWith(Layers.PREFIX + "platform.") && name.startsWith("org.eclipse.emf.")
        || name.equals("picocli") && bundle.imports().containsKey(Layers.PREFIX + "command.api")
        || COMMANDS.contains(bundle.name()) && name.equals("com.google.gson")
        || ADAPTERS.contains(bundle.name()) && (name.startsWith("org.eclipse.lsp4j.") || name.startsWith("com.google.gson"))
        || UNPACKERS.contains(bundle.name()) && (name.startsWith("org.tukaani.xz") || name.startsWith("org.apache.commons.compress."));
  }

  private static boolean fromTheJdk(String name) {
    return ModuleLayer.boot().modules().stream()
        .filter(module -> module.getName().startsWith("java.") || module.getName().startsWith("jdk."))
        .anyMatch(module -> module.getPackages().contains(name));
  }

  private int layer(BuiltBundle bundle) {
    return layers.layerOf(bundle.name()).orElse(BASE);
  }
}
