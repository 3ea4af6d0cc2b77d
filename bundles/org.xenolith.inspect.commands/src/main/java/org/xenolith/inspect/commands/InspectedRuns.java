// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.launch.api.Debugger;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.RunControl;
import org.xenolith.machine.control.Machine;

/** Has every machine looked into from the prompt: hears of each launch, and offers the words. */
@Component(immediate = true)
public final class InspectedRuns implements Debugger {
  private final Map<Machine, InspectedRun> running = new ConcurrentHashMap<>();
  private final MachineInspector inspector;
  private final SymbolFinder finder;
  /** Those that stand in the past. */
  private final Map<PastMachine, InspectedRun> past = Collections.synchronizedMap(new WeakHashMap<>());
  /** Null while nobody keeps the past of machines. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
  private volatile MachineHistories histories;
  private final List<ServiceRegistration<MonitorCommand>> services = new ArrayList<>();

  /** For the framework. */
  @Activate
  public InspectedRuns(BundleContext context, @Reference MachineInspector inspector, @Reference SymbolFinder finder) {
    this(inspector, finder);
    commands().forEach(each -> services.add(context.registerService(MonitorCommand.class, each, null)));
  }

  InspectedRuns(MachineInspector inspector, SymbolFinder finder) {
    this.inspector = inspector;
    this.finder = finder;
  }

  /** The words. */
  List<InspectCommand> commands() {
    return List.of(new PauseCommand(this), new GoCommand(this), new StepCommand(this), new RegsCommand(this), new MemCommand(this),
        new DisCommand(this),
        new WalkCommand(this), new BtCommand(this), new BreakCommand(this), new WatchCommand(this), new BreaksCommand(this),
        new DeleteCommand(this),
        new LogCommand(this), new SymbolsCommand(this), new WriteCommand(this));
  }

  SymbolFinder finder() {
    return finder;
  }

  @Override
  public boolean serves(LaunchRequest request) {
    return true;
  }

  @Override
  public Session begin(Launch launch, LaunchRequest request, RunControl control, Consumer<String> told) {
    return begin(launch.machine(), control);
  }

  InspectedRun begin(Machine machine, RunControl control) {
    InspectedMachine view = inspector.of(machine);
    InspectedRun run = new InspectedRun(machine, view, finder.of(view), control, () -> running.remove(machine));
    running.put(machine, run);
    return run;
  }

  /** A machine that is looked into, or the one of its past that people look at instead; one that was launched before this was there can't be halted. */
  InspectedRun of(Machine machine) {
    MachineHistories kept = histories;
    Optional<MachineHistory> history = kept == null ? Optional.empty() : kept.of(machine);
    Optional<PastMachine> shown = history.flatMap(MachineHistory::shown);
    if (shown.isPresent()) {
      return past.computeIfAbsent(shown.get(), stands -> past(history.get(), stands));
    }
    InspectedRun run = running.get(machine);
    if (run != null) {
      return run;
    }
    InspectedMachine view = inspector.of(machine);
    return new InspectedRun(machine, view, finder.of(view), null, () -> {});
  }

  private InspectedRun past(MachineHistory history, PastMachine stands) {
    InspectedRun present = running.get(history.machine());
    Consumer<String> progress = present == null ? line -> {} : present::tell;
    InspectedMachine view = inspector.of(stands.machine());
    PastControl control = new PastControl(stands, progress);
    InspectedRun run = new InspectedRun(stands.machine(), view, finder.of(view), control, () -> {});
    run.past(stands, () -> {
      history.show(history.whatIf(stands));
      return of(history.machine());
    });
    control.listener(run::halted);
    run.halted();
    return run;
  }

  /** The bundle goes while machines run. */
  @Deactivate
  void close() {
    services.forEach(ServiceRegistration::unregister);
    running.values().forEach(InspectedRun::leave);
  }
}
