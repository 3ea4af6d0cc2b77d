// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import org.eclipse.core.runtime.preferences.DefaultScope;
import org.eclipse.core.runtime.preferences.IEclipsePreferences;
import org.eclipse.debug.ui.IDebugUIConstants;
import org.eclipse.jface.dialogs.MessageDialogWithToggle;

/**
 * When the Platform turns to the perspective of debugging, unless somebody wants it otherwise: as a machine comes to a breakpoint or is suspended, not as it is launched, and without a question.
 */
final class SwitchedPerspective {
  /** Preferences of the Platform's debugger, Run/Debug > Perspectives, which its API has no names for. */
  private static final String ON_LAUNCH = IDebugUIConstants.PLUGIN_ID + ".switch_to_perspective";
  private static final String ON_SUSPEND = IDebugUIConstants.PLUGIN_ID + ".switch_perspective_on_suspend";

  private SwitchedPerspective() {}

  /** Has it so. */
  static void choose() {
    IEclipsePreferences defaults = DefaultScope.INSTANCE.getNode(IDebugUIConstants.PLUGIN_ID);
    defaults.put(ON_LAUNCH, MessageDialogWithToggle.NEVER);
    defaults.put(ON_SUSPEND, MessageDialogWithToggle.ALWAYS);
  }
}
