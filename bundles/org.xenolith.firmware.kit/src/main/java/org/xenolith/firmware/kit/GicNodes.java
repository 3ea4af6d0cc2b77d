// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** The nodes that make the interrupt controller of a machine, and the numbers by which tables name them. */
public final class GicNodes {
  private static final String VERSION_3 = "arm,gic-v3";
  private static final Set<String> VERSION_2 = Set.of("arm,gic-400", "arm,cortex-a15-gic", "arm,cortex-a7-gic", "arm,cortex-a9-gic",
      "arm,eb11mp-gic", "arm,pl390", "arm,tc11mp-gic", "qcom,msm-8660-qgic", "qcom,msm-qgic2");

  private GicNodes() {}

  /** The distributor with its CPU interfaces or redistributors: the first node of that kind. */
  public static Optional<PlatformNode> controller(Platform platform) {
    for (PlatformNode node : platform.nodes()) {
      if (node.enabled() && isController(node)) {
        return Optional.of(node);
      }
    }
    return Optional.empty();
  }

  static boolean isController(PlatformNode node) {
    boolean controller = isVersion3(node);
    for (String name : node.compatible()) {
      controller |= VERSION_2.contains(name);
    }
    return controller;
  }

  /** Whether the controller is one of version 3 or 4, with redistributors. */
  public static boolean isVersion3(PlatformNode controller) {
    return controller.isCompatible(VERSION_3);
  }

  /** The ITSs; the place of one is its id in MADT and IORT. */
  public static List<PlatformNode> translators(Platform platform) {
    return nodes(platform, "arm,gic-v3-its");
  }

  /** The frames of GICv2m; the place of one is its id in the MADT. */
  public static List<PlatformNode> messageFrames(Platform platform) {
    return nodes(platform, "arm,gic-v2m-frame");
  }

  private static List<PlatformNode> nodes(Platform platform, String compatible) {
    List<PlatformNode> found = new ArrayList<>();
    for (PlatformNode node : platform.nodes()) {
      if (node.enabled() && node.isCompatible(compatible)) {
        found.add(node);
      }
    }
    return found;
  }
}
