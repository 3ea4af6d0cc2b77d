// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import java.util.Optional;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.resources.IWorkspaceRunnable;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.model.Breakpoint;
import org.eclipse.debug.core.model.IBreakpoint;

/** A breakpoint, for all machines, in the words of the prompt: where, and behind {@code if} when. */
public final class MachineBreakpoint extends Breakpoint {
  static final String MARKER = "org.xenolith.ui.debug.breakpoint";
  private static final String TEXT = "org.xenolith.ui.debug.text";
  private static final String DATA = "org.xenolith.ui.debug.data";

  /** For the breakpoint manager, which gives it the marker that was kept. */
  public MachineBreakpoint() {}

  /**
   * Sets one.
   *
   * @param text as {@code break} or {@code watch} of the prompt have it
   * @param data whether it is memory that is watched
   */
  static void set(String text, boolean data) throws CoreException {
    MachineBreakpoint breakpoint = new MachineBreakpoint();
    IWorkspaceRunnable make = monitor -> {
      IMarker marker = ResourcesPlugin.getWorkspace().getRoot().createMarker(MARKER);
      marker.setAttribute(IBreakpoint.ID, MachineTarget.MODEL);
      marker.setAttribute(IBreakpoint.ENABLED, true);
      marker.setAttribute(IBreakpoint.REGISTERED, true);
      marker.setAttribute(IBreakpoint.PERSISTED, true);
      marker.setAttribute(TEXT, text);
      marker.setAttribute(DATA, data);
      marker.setAttribute(IMarker.MESSAGE, text);
      breakpoint.setMarker(marker);
    };
    ResourcesPlugin.getWorkspace().run(make, null);
    DebugPlugin.getDefault().getBreakpointManager().addBreakpoint(breakpoint);
  }

  @Override
  public String getModelIdentifier() { return MachineTarget.MODEL; }

  /** In the words of the prompt. */
  String text() {
    return getMarker() == null ? "" : getMarker().getAttribute(TEXT, "");
  }

  /** Whether it is memory that is watched. */
  boolean data() {
    return getMarker() != null && getMarker().getAttribute(DATA, false);
  }

  /** What is asked of machines; empty while it is disabled or skipped. */
  Optional<PlantedBreaks.Asked> asked() {
    try {
      return getMarker() != null && getMarker().exists() && isEnabled() && DebugPlugin.getDefault().getBreakpointManager().isEnabled()
          ? Optional.of(new PlantedBreaks.Asked(getMarker().getId(), text(), data())) : Optional.empty();
    } catch (CoreException e) {
      return Optional.empty(); // its marker is gone
    }
  }
}
