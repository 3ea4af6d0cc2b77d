// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.debug.ui.AbstractLaunchConfigurationTabGroup;
import org.eclipse.debug.ui.CommonTab;
import org.eclipse.debug.ui.ILaunchConfigurationDialog;
import org.eclipse.debug.ui.ILaunchConfigurationTab;
import org.eclipse.ui.PlatformUI;

/** The tabs of a machine's launch configuration: the pages of the boot dialog, and the Platform's own, where it is a favourite or shared as a file. */
public final class MachineTabs extends AbstractLaunchConfigurationTabGroup {
  @Override
  public void createTabs(ILaunchConfigurationDialog dialog, String mode) {
    BootForm form = Laboratory.of(PlatformUI.getWorkbench()).empty();
    List<ILaunchConfigurationTab> tabs = new ArrayList<>();
    BootPage.of(form).forEach(page -> tabs.add(new MachineTab(page, form)));
    tabs.add(new CommonTab());
    setTabs(tabs.toArray(ILaunchConfigurationTab[]::new));
  }
}
