// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MachinePrompt;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.command.api.OptionName;
import org.xenolith.command.api.SubCommand;
import org.xenolith.command.api.WordRelay;
import org.xenolith.launch.api.Launcher;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.scenario.api.ScenarioCheck;
import org.xenolith.scenario.api.ScenarioConsole;
import org.xenolith.scenario.api.ScenarioFault;
import org.xenolith.scenario.api.ScenarioResult;
import org.xenolith.scenario.api.ScenarioRunner;
import org.xenolith.scenario.api.ScenarioWait;
import org.xenolith.scenario.file.Script;
import org.xenolith.scenario.file.ScriptReader;

/** Offers scenarios to tests and to the command line, with the checks, faults, waits and consoles that are installed when it is asked. */
@Component(service = {ScenarioRunner.class, SubCommand.class})
public final class ScenarioEngine implements ScenarioRunner, SubCommand {
  private final BundleContext context;

  @Reference
  private Launcher launcher;
  @Reference
  private LiveChange change;

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<ScenarioCheck> checks = List.of();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<ScenarioFault> faults = List.of();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<ScenarioWait> waits = List.of();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<ScenarioConsole> consoles = List.of();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<MonitorCommand> commands = List.of();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<GuestSource> guests = List.of();

  /** Null where no command line is. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
  private volatile MachinePrompt prompt;
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<WordRelay> relays = List.of();

  /** Made by the service component runtime. */
  @Activate
  public ScenarioEngine(BundleContext context) {
    this.context = context;
  }

  @Override
  public ScenarioResult run(Path file, Map<String, String> properties) {
    RunOptions options = RunOptions.plain(properties);
    return run(read(file, options), options, new SharedBoots(List.of()));
  }

  @Override
  public Object command() {
    return new RunCommand(this);
  }

  /** The prompt at which a person stays. @throws BadInput if nobody offers one */
  MachinePrompt prompt() {
    MachinePrompt now = prompt;
    if (now == null) {
      throw new BadInput(OptionName.option("stay") + ": no installed bundle has a prompt; build the tree with its bundle org.xenolith.cli");
    }
    return now;
  }

  /** Reads and checks a file. */
  Script read(Path file, RunOptions options) {
    return new ScriptReader(services().kinds(), launcher.options()).read(file, options.properties());
  }

  /** Runs what was read. */
  ScenarioResult run(Script script, RunOptions options, SharedBoots boots) {
    return new ScenarioRun(script, services(), options, boots).run();
  }

  private Services services() {
    return new Services(context, launcher, change, List.copyOf(checks), List.copyOf(faults), List.copyOf(waits), List.copyOf(consoles),
        List.copyOf(commands), List.copyOf(guests), List.copyOf(relays));
  }
}
