// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.core.commands.ExecutionException;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.jface.dialogs.InputDialog;
import org.eclipse.jface.window.Window;
import org.eclipse.ui.handlers.HandlerUtil;

/** Asks where machines are to stop, in the words of the prompt. */
public final class BreakpointHandler extends AbstractHandler {
  private static final String WATCH = "watch ";

  @Override
  public Object execute(ExecutionEvent event) throws ExecutionException {
    InputDialog dialog = new InputDialog(HandlerUtil.getActiveShell(event), "Add breakpoint", """
        Where do machines stop? A symbol or an address; or one of

          device pl011 UARTDR write
          exception SVC
          event KIND
          watch SP 8 both

        and behind it, perhaps, when: do_exit if X0 == 11""", "", text -> text.isBlank() ? "" : null);
    if (dialog.open() == Window.OK) {
      String text = dialog.getValue().strip();
      boolean data = text.startsWith(WATCH);
      try {
        MachineBreakpoint.set(data ? text.substring(WATCH.length()).strip() : text, data);
      } catch (CoreException e) {
        throw new ExecutionException("the breakpoint could not be set: " + e.getMessage(), e);
      }
    }
    return null;
  }
}
