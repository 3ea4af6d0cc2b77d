// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.boot.api.FirmwareKind;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.command.api.SubCommand;
import org.xenolith.launch.api.Launcher;
import org.xenolith.machine.kit.ProcessorFactory;

/** Offers {@code bench} to the command line. */
@Component
public final class BenchComponent implements SubCommand {
  @Reference
  private Launcher launcher;

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<GuestSource> guests = List.of();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<FirmwareKind> firmware = List.of();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<ProcessorFactory> processors = List.of();

  @Override
  public Object command() {
    return new BenchCommand(launcher, guests, firmware, processors);
  }
}
