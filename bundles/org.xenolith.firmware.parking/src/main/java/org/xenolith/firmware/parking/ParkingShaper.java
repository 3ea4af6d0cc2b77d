// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.parking;

import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.fdt.Fdt;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.platform.api.PlatformReader;

/** Has CPUs without PSCI parked where the kernel boots by ACPI. A hypervisor starts the CPUs of its domains itself. */
@Component
public final class ParkingShaper implements LaunchShaper {
  /** Those that a kernel by ACPI is asked for with; other bundles' options. */
  private static final List<String> OPTIONS = List.of("firmware", "tables");
  @Reference
  private PlatformReader reader;

  @Override
  public boolean serves(LaunchRequest request) {
    return OPTIONS.stream().anyMatch(option -> request.option(option).contains("acpi")) && !request.has("hypervisor");
  }

  @Override
  public Fdt shape(Fdt tree, LaunchRequest request) {
    return ParkingPlan.place(tree, reader.platform("board", tree, Map.of()));
  }
}
