// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.command.api.SubCommand;
import org.xenolith.command.api.WordRelay;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.launch.api.Launcher;

/** Offers {@code mcp} to the command line. */
@Component
public final class McpComponent implements SubCommand {
  @Reference
  private Launcher launcher;
  @Reference
  private McpDebugger debugger;
  /** Replaced as a whole: only then the runtime keeps it in the order of ranking. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<MonitorCommand> words = List.of();
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<WordRelay> relays = List.of();
  /** Null while nobody keeps the past of machines. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
  private volatile MachineHistories histories;

  @Override
  public Object command() {
    return new McpCommand(launcher, debugger, () -> List.copyOf(words), () -> List.copyOf(relays), () -> Optional.ofNullable(histories));
  }
}
