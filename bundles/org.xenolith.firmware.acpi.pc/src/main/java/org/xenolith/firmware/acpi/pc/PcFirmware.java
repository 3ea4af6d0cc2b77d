// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.pc;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.fdt.Fdt;
import org.xenolith.firmware.api.AcpiDescriber;
import org.xenolith.firmware.api.AcpiDescription;
import org.xenolith.firmware.kit.ApicNodes;
import org.xenolith.launch.api.BoardDescription;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformReader;

/** Describes every machine with local APICs by ACPI, as nothing else tells a kernel for PCs what is there; before the ways of other machines. */
@Component(property = "service.ranking:Integer=100")
public final class PcFirmware implements LaunchShaper {
  /** Event: what the board has and its tables can't say. */
  private static final String UNTOLD = "acpi-untold";
  /** Event: what a table says and isn't so. */
  private static final String LIE = "acpi-lie";

  @Reference
  private PlatformReader reader;
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
  private volatile AcpiDescriber describer;

  @Override
  public boolean serves(LaunchRequest request) {
    return true;
  }

  @Override
  public Optional<BoardDescription> describe(Machine machine, Platform platform, Fdt tree, LaunchRequest request) {
    Platform shown = reader.platform(platform.name(), tree, Map.of());
    if (ApicNodes.local(shown).isEmpty()) {
      return Optional.empty();
    }
    AcpiDescriber now = describer;
    if (now == null) {
      machine.eventLog().report(UNTOLD, "/",
          "no installed bundle describes boards by ACPI; start with org.xenolith.firmware.acpi.topology");
      return Optional.empty();
    }
    AcpiDescription description = now.describe(shown, AcpiDescriber.BOARD, OptionalLong.empty());
    description.untold().forEach(each -> machine.eventLog().report(UNTOLD, each.path(), each.what() + "; " + each.remedy()));
    PcTruth.lies(shown, description.tables()).forEach(each -> machine.eventLog().report(LIE, "/", each));
    return Optional.of(PcTables.of(shown, description.tables(), AcpiDescriber.BOARD, tree));
  }
}
