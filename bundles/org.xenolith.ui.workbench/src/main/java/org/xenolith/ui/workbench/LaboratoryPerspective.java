package org.xenolith.ui.workbench;

import org.eclipse.ui.IFolderLayout;
import org.eclipse.ui.IPageLayout;
import org.eclipse.ui.IPerspectiveFactory;

/** How the views lie when nobody moved them: hardware on the left, the console below what changes and what happened. */
public final class LaboratoryPerspective implements IPerspectiveFactory {
  static final String ID = "org.xenolith.ui.workbench.laboratory";

  @Override public void createInitialLayout(IPageLayout layout) {
    String editors = layout.getEditorArea();
    layout.setEditorAreaVisible(false);
    layout.addView(TopologyView.ID, IPageLayout.LEFT, 0.42f, editors);
    IFolderLayout lists = layout.createFolder("lists", IPageLayout.TOP, 0.48f, editors);
    lists.addView(BundlesView.ID);
    lists.addView(DomainsView.ID);
    lists.addView(EventsView.ID);
    layout.addView(ConsoleView.ID, IPageLayout.BOTTOM, 0.52f, editors);
  }
}
