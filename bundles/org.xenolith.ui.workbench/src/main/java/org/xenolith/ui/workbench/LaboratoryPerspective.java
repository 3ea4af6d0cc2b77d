// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import org.eclipse.debug.ui.IDebugUIConstants;
import org.eclipse.ui.IFolderLayout;
import org.eclipse.ui.IPageLayout;
import org.eclipse.ui.IPerspectiveFactory;

/** How the views lie when nobody moved them: what there is on the left, what is done to it and what it says on the right. */
public final class LaboratoryPerspective implements IPerspectiveFactory {
  static final String ID = "org.xenolith.ui.workbench.laboratory";

  @Override
  public void createInitialLayout(IPageLayout layout) {
    layout.addActionSet(IDebugUIConstants.LAUNCH_ACTION_SET); // what was launched before, and its configurations
    String editors = layout.getEditorArea();
    layout.setEditorAreaVisible(false);
    layout.addView(TopologyView.ID, IPageLayout.LEFT, 0.42f, editors);
    IFolderLayout state = layout.createFolder("state", IPageLayout.BOTTOM, 0.6f, TopologyView.ID);
    state.addView(DomainsView.ID);
    state.addView(PciView.ID);
    state.addView(EventsView.ID);
    layout.addView(BundlesView.ID, IPageLayout.TOP, 0.48f, editors);
    layout.addView(ConsoleView.ID, IPageLayout.BOTTOM, 0.52f, editors);
  }
}
