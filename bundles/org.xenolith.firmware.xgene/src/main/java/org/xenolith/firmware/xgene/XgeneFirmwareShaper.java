// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.xgene;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;

/**
 * Gives boards with X-Gene's PCIe ports the node of their firmware where the kernel boots by ACPI. By device tree the kernel's driver
 * brings ports up itself.
 */
@Component
public final class XgeneFirmwareShaper implements LaunchShaper {
  /** Those that a kernel by ACPI is asked for with; other bundles' options. */
  private static final List<String> OPTIONS = List.of("firmware", "tables");
  static final String NODE = "xenolith-xgene-firmware";

  @Override
  public boolean serves(LaunchRequest request) {
    return OPTIONS.stream().anyMatch(option -> request.option(option).contains("acpi"));
  }

  @Override
  public Fdt shape(Fdt tree, LaunchRequest request) {
    return withFirmware(tree);
  }

  static Fdt withFirmware(Fdt tree) {
    return hasPort(tree.root()) ? tree.withRoot(tree.root().withChild(new FdtNode(NODE, List.of(FdtProperty.ofStrings("compatible",
        XgeneFirmwareComponent.COMPATIBLE)), List.of()))) : tree;
  }

  private static boolean hasPort(FdtNode node) {
    return node.property("compatible").filter(FdtProperty::looksLikeStrings).filter(compatible -> compatible.strings().stream()
        .anyMatch(PortSetup.COMPATIBLE::contains)).isPresent() || node.children().stream().anyMatch(XgeneFirmwareShaper::hasPort);
  }
}
