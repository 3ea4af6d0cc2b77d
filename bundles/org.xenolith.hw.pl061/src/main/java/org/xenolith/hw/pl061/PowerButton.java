// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl061;

import java.util.List;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * A power button at a pin of a PL061: a key of a node {@code gpio-keys} (Devicetree binding gpio-keys.yaml).
 *
 * @param controller node of the PL061
 * @param pin        of it
 * @param activeLow  whether a pressed button is low
 */
record PowerButton(PlatformNode controller, int pin, boolean activeLow) {
  static final String KEYS = "gpio-keys";
  static final String CONTROLLER = "arm,pl061";
  /** Linux' code of the power key. */
  static final int KEY_POWER = 116;
  private static final int GPIO_CELLS = 3;

  /** The power buttons of a node. */
  static List<PowerButton> of(Platform platform, PlatformNode keys) {
    return platform.children(keys.path()).stream().filter(key -> key.enabled() && key.cell("linux,code", 0) == KEY_POWER)
        .flatMap(key -> key.property("gpios").stream()).filter(gpios -> gpios.cellCount() == GPIO_CELLS)
        .flatMap(gpios -> platform.byPhandle(gpios.cell(0)).filter(node -> node.isCompatible(CONTROLLER)).stream()
            .map(node -> button(node, gpios))).toList();
  }

  private static PowerButton button(PlatformNode controller, FdtProperty gpios) {
    return new PowerButton(controller, gpios.cell(1), (gpios.cell(2) & 1) != 0);
  }
}
