// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.ui.handlers.HandlerUtil;

/** Stop: ends the machine as if its power was cut. */
public final class StopHandler extends AbstractHandler {
  @Override
  public Object execute(ExecutionEvent event) {
    Laboratory.of(HandlerUtil.getActiveWorkbenchWindow(event)).stop();
    return null;
  }
}
