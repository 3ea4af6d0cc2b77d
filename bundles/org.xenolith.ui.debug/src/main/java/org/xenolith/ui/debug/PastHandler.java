// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import java.util.Optional;
import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.core.runtime.IAdaptable;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.model.IDebugElement;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.jface.dialogs.InputDialog;
import org.eclipse.jface.dialogs.MessageDialog;
import org.eclipse.jface.window.Window;
import org.eclipse.ui.handlers.HandlerUtil;

/** Goes through the past of the machine that is selected in the Debug view: which way is the command's. */
public final class PastHandler extends AbstractHandler {
  private static final String PREFIX = "org.xenolith.ui.debug.";

  @Override
  public Object execute(ExecutionEvent event) {
    Optional<MachineTarget> target = target();
    if (target.isEmpty() || !target.get().isSuspended()) {
      MessageDialog.openInformation(HandlerUtil.getActiveShell(event), "Go back",
          "Suspend a machine first, and select it or one of its CPUs in the Debug view.");
      return null;
    }
    ViewedMachine machine = target.get().machine();
    if (!machine.hasPast()) {
      MessageDialog.openInformation(HandlerUtil.getActiveShell(event), "Go back",
          "Nothing is kept of this machine's past. Boot it with 'Past, in MiB' filled in (Machine > Boot…, Debugging).");
      return null;
    }
    int cpu = cpu();
    switch (event.getCommand().getId().substring(PREFIX.length())) {
      case "stepBack" -> machine.back(cpu);
      case "backToBreakpoint" -> machine.backToBreakpoint();
      case "toPresent" -> machine.toPresent();
      default -> {
        InputDialog dialog = new InputDialog(HandlerUtil.getActiveShell(event), "Go to a moment",
            "Which moment? Virtual time (2.5s, 30ms) or instructions (938,033,991)", "", text -> text.isBlank() ? "" : null);
        if (dialog.open() == Window.OK) {
          machine.goTo(dialog.getValue().strip());
        }
      }
    }
    return null;
  }

  private static Optional<MachineTarget> target() {
    IAdaptable context = DebugUITools.getDebugContext();
    return context instanceof IDebugElement element && element.getDebugTarget() instanceof MachineTarget target ? Optional.of(target)
        : context instanceof ILaunch launch && launch.getDebugTarget() instanceof MachineTarget target ? Optional.of(
            target) : Optional.empty();
  }

  private static int cpu() {
    IAdaptable context = DebugUITools.getDebugContext();
    return context instanceof CpuThread thread ? thread.index() : context instanceof CodeFrame frame ? frame.thread().index() : 0;
  }
}
