// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import org.eclipse.core.runtime.preferences.DefaultScope;
import org.eclipse.debug.ui.IDebugUIConstants;
import org.eclipse.ui.IFolderLayout;
import org.eclipse.ui.IPageLayout;
import org.eclipse.ui.IPerspectiveFactory;

/** How the Debug views lie when nobody moved them: machines on the left, their code in the middle, what they have on the right, memory and console below. */
public final class DebugPerspective implements IPerspectiveFactory {
  /** The Platform's preference of how the Debug view shows. */
  private static final String DEBUG_VIEW_MODE = "org.eclipse.debug.ui.Debug_view.mode";
  private static final String CONSOLE = "org.xenolith.ui.workbench.console";

  @Override
  public void createInitialLayout(IPageLayout layout) {
    // Where it is narrow at first, the view would show a line of what is selected, and stay so.
    DefaultScope.INSTANCE.getNode(IDebugUIConstants.PLUGIN_ID).put(DEBUG_VIEW_MODE, "Debug_view.mode.full");
    layout.addActionSet(IDebugUIConstants.LAUNCH_ACTION_SET);
    String editors = layout.getEditorArea();
    layout.setEditorAreaVisible(false);
    layout.addView(IDebugUIConstants.ID_DEBUG_VIEW, IPageLayout.LEFT, 0.34f, editors);
    layout.addView(DisassemblyView.ID, IPageLayout.TOP, 0.6f, editors);
    IFolderLayout state = layout.createFolder("values", IPageLayout.RIGHT, 0.56f, DisassemblyView.ID);
    state.addView(IDebugUIConstants.ID_REGISTER_VIEW);
    state.addView(IDebugUIConstants.ID_BREAKPOINT_VIEW);
    IFolderLayout below = layout.createFolder("below", IPageLayout.BOTTOM, 0.4f, editors);
    below.addView(CONSOLE);
    below.addView(IDebugUIConstants.ID_MEMORY_VIEW);
  }
}
