// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import java.util.Arrays;
import java.util.Optional;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.model.IValue;
import org.eclipse.debug.ui.IDebugModelPresentation;
import org.eclipse.debug.ui.IValueDetailListener;
import org.eclipse.jface.viewers.LabelProvider;
import org.eclipse.ui.IEditorInput;

/** What machines, CPUs, calls and breakpoints are called in the Debug views. */
public final class MachineLabels extends LabelProvider implements IDebugModelPresentation {
  @Override
  public void setAttribute(String attribute, Object value) {
    // Nothing here can be shown in several ways.
  }

  @Override
  public String getText(Object element) {
    return switch (element) {
      case MachineTarget target -> target.getName() + " (" + (target.isTerminated() ? "over" : target.standing().isEmpty() ? "runs"
          : target.standing()) + ")";
      case DomainTarget domain -> domain.getName() + (domain.isTerminated() ? " (over)" : "");
      case CpuThread cpu -> cpu.getName() + (cpu.isSuspended() ? ": " + cpu.place() : "");
      case CodeFrame frame -> frame.getName();
      case MachineBreakpoint breakpoint -> text(breakpoint);
      default -> null;
    };
  }

  /** One that no machine can have says why. */
  private static String text(MachineBreakpoint breakpoint) {
    String what = (breakpoint.data() ? "watch " : "") + breakpoint.text();
    if (breakpoint.getMarker() == null) {
      return what;
    }
    long id = breakpoint.getMarker().getId();
    return what + Arrays.stream(DebugPlugin.getDefault().getLaunchManager().getDebugTargets()).filter(MachineTarget.class::isInstance).map(
        each -> ((MachineTarget) each).machine().breaks().fault(id)).flatMap(Optional::stream).findFirst().map(why -> "  – not set: " + why)
        .orElse("");
  }

  @Override
  public void computeDetail(IValue value, IValueDetailListener listener) {
    String text;
    try {
      text = value.getValueString();
    } catch (CoreException e) {
      text = e.getMessage();
    }
    listener.detailComputed(value, text);
  }

  @Override
  public IEditorInput getEditorInput(Object element) {
    return null; // code is shown by DisassemblyView
  }

  @Override
  public String getEditorId(IEditorInput input, Object element) {
    return null;
  }
}
