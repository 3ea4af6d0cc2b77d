// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import java.util.Arrays;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.IBreakpointManager;
import org.eclipse.debug.core.model.IBreakpoint;

/** Breakpoints as people set them by a click. */
final class ClickedBreakpoints {
  private ClickedBreakpoints() {}

  /** Sets one at an address, or takes those away that are there. @param symbol the same for people; empty if it has none */
  static void toggle(long address, String symbol) throws CoreException {
    IBreakpointManager manager = DebugPlugin.getDefault().getBreakpointManager();
    String digits = "0x%x".formatted(address);
    IBreakpoint[] there = Arrays.stream(manager.getBreakpoints(MachineTarget.MODEL)).filter(each -> each instanceof MachineBreakpoint one
        && !one.data() && (one.text().equals(digits) || one.text().equals(symbol))).toArray(IBreakpoint[]::new);
    if (there.length > 0) {
      manager.removeBreakpoints(there, true);
    } else {
      // A name is where the guest has it, also when it boots elsewhere the next time.
      MachineBreakpoint.set(symbol.isEmpty() || symbol.contains("[") ? digits : symbol, false);
    }
  }
}
