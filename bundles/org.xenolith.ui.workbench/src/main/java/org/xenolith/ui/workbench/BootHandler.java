// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.handlers.HandlerUtil;

/** Boot…: asks what, and boots it. */
public final class BootHandler extends AbstractHandler {
  @Override
  public Object execute(ExecutionEvent event) {
    IWorkbenchWindow window = HandlerUtil.getActiveWorkbenchWindow(event);
    new BootDialog(window.getShell(), Laboratory.of(window)).open();
    return null;
  }
}
