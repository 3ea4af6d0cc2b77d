// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.command.api.MonitorCommand;
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
public final class KeptHistories implements Debugger, MachineHistories {
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
    KeptHistory history = new KeptHistory(launch, HistoryOption.settings(request.text(HistoryOption.NAME).orElse("")), inspector,
        control::prompt, () -> all.remove(launch.machine()));
    all.put(launch.machine(), history);
    history.begin();
    return history;
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
