// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.fdt.Fdt;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.platform.loader.Topology.DeclaredOption;

/** What {@code topology lint} says beyond the derivation of records: devices without a model, and options. */
final class PlatformCheck {
  private PlatformCheck() {}

  static void tree(String name, Fdt tree, Models models, Findings findings) {
    devices(PlatformRecords.of(name, tree, Map.of(), findings), models, findings);
  }

  static void topology(Topology topology, Models models, Findings findings) {
    Platform platform = PlatformRecords.of(topology.name(), topology.tree(), topology.presentOptions(), findings);
    Map<String, PlatformNode> nodes = new HashMap<>();
    platform.nodes().forEach(node -> nodes.put(node.path(), node));
    for (DeclaredOption option : topology.declared()) {
      PlatformNode node = nodes.get(option.node());
      if (node != null) {
        models.serving(node.compatible()).ifPresent(model -> option(option, model, findings));
      }
    }
    devices(platform, models, findings);
  }

  private static void option(DeclaredOption option, ModelDescription model, Findings findings) {
    List<String> names = model.options().stream().map(ModelDescription.Option::name).toList();
    Optional<ModelDescription.Option> described = model.options().stream()
        .filter(o -> o.name().equals(option.name())).findFirst();
    if (described.isEmpty()) {
      findings.error(option.node(), option.place() + "the model " + model.name() + " has no option '" + option.name() + "'",
          names.isEmpty() ? "remove it; the model has none" : "use one of " + String.join(", ", names));
    } else if (described.get().type() != option.type()) {
      findings.error(option.node(), option.place() + "the option '" + option.name() + "' of " + model.name() + " is of type "
          + described.get().type() + ", not " + option.type(), "change the element's type");
    }
  }

  /** Buses, clocks and the like have no registers of their own: nothing is missing where those have no model. */
  private static void devices(Platform platform, Models models, Findings findings) {
    for (PlatformNode node : platform.nodes()) {
      boolean device = !node.compatible().isEmpty() && !node.windows().isEmpty();
      if (device && node.enabled() && models.serving(node.compatible()).isEmpty()) {
        findings.note(node.path(), "no installed model serves " + String.join(", ", node.compatible()));
      }
    }
  }
}
