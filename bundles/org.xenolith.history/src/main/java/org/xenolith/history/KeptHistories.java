// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.command.api.WordRelay;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.launch.api.Debugger;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.RunControl;
import org.xenolith.machine.control.Machine;

/** Keeps the past of each machine that is launched with the option, and offers the words. */
@Component(immediate = true)
public final class KeptHistories implements Debugger, MachineHistories, WordRelay {
  /** Words that are for the present machine, wherever people look. */
  private static final Set<String> OWN = Set.of("at", "present");
  /** Changes the machine that is looked at, and knows what that is. */
  private static final String WRITE = "write";
  private final Map<Machine, KeptHistory> all = new ConcurrentHashMap<>();
  private final MachineInspector inspector;
  private final List<ServiceRegistration<MonitorCommand>> words = new ArrayList<>();
  private final BundleContext context;
  /** Is told while machines stand still. */
  private final SynchronousBundleListener changes = event -> all.values().forEach(each -> each.kept().bundlesChange());

  /** For the framework. */
  @Activate
  public KeptHistories(BundleContext context, @Reference MachineInspector inspector, @Reference SymbolFinder finder) {
    this.inspector = inspector;
    this.context = context;
    context.addBundleListener(changes);
    PastWord.all(this, inspector, finder).forEach(each -> words.add(context.registerService(MonitorCommand.class, each, null)));
  }

  @Override
  public boolean serves(LaunchRequest request) {
    return request.has(HistoryOption.NAME);
  }

  @Override
  public Session begin(Launch launch, LaunchRequest request, RunControl control, Consumer<String> told) {
    KeptHistory history = new KeptHistory(launch, request, inspector, control::prompt, context.getBundle().getLocation(), () -> all.remove(
        launch.machine()));
    all.put(launch.machine(), history);
    history.begin();
    AskedProcess.begin(history, control, this::word);
    return history;
  }

  private Optional<MonitorCommand> word(String name) {
    try {
      return context.getServiceReferences(MonitorCommand.class, null).stream().map(context::getService).filter(each -> each != null && each
          .name().equals(name)).findFirst();
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e); // there is no filter
    }
  }

  @Override
  public Optional<String> answer(Machine machine, String name, boolean onlyLooks, List<String> words) {
    KeptHistory history = all.get(machine);
    boolean elsewhere = history != null && history.earlier().isOpen();
    if (history == null || !elsewhere && history.shown().isEmpty()) {
      return Optional.empty();
    }
    if (!onlyLooks && !name.equals(WRITE)) {
      throw new BadInput(name + ": this is the past, and " + name + " is for the present machine; present leads back");
    }
    return elsewhere && !OWN.contains(name) ? Optional.of(history.earlier().ask(name, words)) : Optional.empty();
  }

  @Override
  public Optional<MachineHistory> of(Machine machine) {
    return Optional.ofNullable(all.get(machine));
  }

  /** The same, for the words. */
  Optional<KeptHistory> kept(Machine machine) {
    return Optional.ofNullable(all.get(machine));
  }

  /** The bundle goes while machines run. */
  @Deactivate
  void close() {
    context.removeBundleListener(changes);
    words.forEach(ServiceRegistration::unregister);
    List.copyOf(all.values()).forEach(KeptHistory::close);
  }
}
