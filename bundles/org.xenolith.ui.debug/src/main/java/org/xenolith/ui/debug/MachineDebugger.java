// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.ui.PlatformUI;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.launch.api.Debugger;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.RunControl;

/** Shows each machine that is launched beside a window in the Debug views, from its launch on. */
@Component
public final class MachineDebugger implements Debugger {
  /** The type of configurations that machines are launched by. */
  private static final String MACHINE = "org.xenolith.ui.workbench.machine";
  private final MachineInspector inspector;
  /** Null while no bundle finds names: addresses are shown without. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
  private volatile SymbolFinder finder;
  /** Null while no bundle keeps machines' pasts: it goes forwards only. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
  private volatile MachineHistories histories;
  private final Set<MachineTarget> targets = ConcurrentHashMap.newKeySet();

  /** @param inspector looks into machines */
  @Activate
  public MachineDebugger(@Reference MachineInspector inspector) {
    this.inspector = inspector;
  }

  /** Whoever has a window may want to look, whatever was asked for: until somebody does, this costs a machine nothing. */
  @Override
  public boolean serves(LaunchRequest request) {
    return PlatformUI.isWorkbenchRunning();
  }

  @Override
  public Session begin(Launch launch, LaunchRequest request, RunControl control, Consumer<String> told) {
    SwitchedPerspective.choose();
    ILaunchManager launches = DebugPlugin.getDefault().getLaunchManager();
    ILaunch shown = waiting(launches).orElseGet(() -> new org.eclipse.debug.core.Launch(null, ILaunchManager.DEBUG_MODE, null));
    ViewedMachine machine = new ViewedMachine(launch.machine(), inspector, control, Optional.ofNullable(finder), () -> Optional
        .ofNullable(histories).flatMap(each -> each.of(launch.machine())));
    String name = launch.platform().name() + (launch.guest().isEmpty() ? "" : ": " + launch.guest());
    MachineTarget target = new MachineTarget(shown, name, machine, targets::remove);
    targets.add(target);
    shown.addDebugTarget(target);
    // One that is over says nothing that its console doesn't.
    for (ILaunch old : launches.getLaunches()) {
      if (old.isTerminated() && old.getDebugTarget() instanceof MachineTarget) {
        launches.removeLaunch(old);
      }
    }
    launches.addLaunch(shown); // nothing if the Platform has it already
    target.begin();
    return target;
  }

  /** The launch that somebody has begun for this machine, and that has none yet; empty for one that nobody has. */
  private static Optional<ILaunch> waiting(ILaunchManager launches) {
    return Arrays.stream(launches.getLaunches()).filter(each -> !each.hasChildren() && each.getLaunchConfiguration() != null).filter(
        each -> {
          try {
            return each.getLaunchConfiguration().getType().getIdentifier().equals(MACHINE);
          } catch (CoreException e) {
            return false; // its configuration is gone
          }
        }).reduce((first, last) -> last);
  }

  /** The bundle goes while machines run. */
  @Deactivate
  void close() {
    targets.forEach(MachineTarget::close);
  }
}
