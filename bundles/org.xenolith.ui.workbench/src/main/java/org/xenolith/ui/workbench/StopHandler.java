// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.ui.handlers.HandlerUtil;

/** Stop: ends the machine as if its power was cut, if that is meant. */
public final class StopHandler extends AbstractHandler {
  @Override
  public Object execute(ExecutionEvent event) {
    Laboratory laboratory = Laboratory.of(HandlerUtil.getActiveWorkbenchWindow(event));
    if (!laboratory.busy() || Leaving.agreed(HandlerUtil.getActiveShell(event), laboratory, "Stop",
        "Stopping it is as if its power was cut.",
        "Stop the machine")) {
      laboratory.stop();
    }
    return null;
  }
}
