// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.ui.AbstractLaunchConfigurationTab;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.ScrolledComposite;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.PlatformUI;

/** A page of the boot dialog as a tab of a launch configuration. All tabs of one have one form. */
final class MachineTab extends AbstractLaunchConfigurationTab {
  private final BootPage page;
  private final BootForm form;
  private ScrolledComposite area;
  private BootFields fields;
  /** The controls are being filled in: nobody has changed anything. */
  private boolean filling;

  MachineTab(BootPage page, BootForm form) {
    this.page = page;
    this.form = form;
  }

  @Override
  public String getName() { return page.title(); }

  @Override
  public void createControl(Composite parent) {
    area = new ScrolledComposite(parent, SWT.V_SCROLL);
    area.setExpandHorizontal(true);
    area.setExpandVertical(true);
    setControl(area);
    fill();
  }

  private void fill() {
    filling = true;
    if (area.getContent() != null) {
      area.getContent().dispose();
    }
    fields = new BootFields(area.getShell(), form, this::changed);
    Composite content = fields.page(area);
    page.fill(form, fields);
    area.setContent(content);
    area.setMinSize(content.computeSize(SWT.DEFAULT, SWT.DEFAULT));
    filling = false;
  }

  private void changed() {
    if (!filling) {
      updateLaunchConfigurationDialog();
    }
  }

  @Override
  public void setDefaults(ILaunchConfigurationWorkingCopy configuration) {
    configuration.setAttribute(MachineLaunch.FIELDS, Laboratory.of(PlatformUI.getWorkbench()).empty().texts());
  }

  @Override
  public void initializeFrom(ILaunchConfiguration configuration) {
    Map<String, String> texts = texts(configuration);
    page.names().forEach(name -> form.set(name, texts.getOrDefault(name, "")));
    fill();
  }

  @Override
  public void performApply(ILaunchConfigurationWorkingCopy configuration) {
    Map<String, String> texts = new HashMap<>(texts(configuration));
    page.names().forEach(name -> {
      if (form.get(name).isEmpty()) {
        texts.remove(name);
      } else {
        texts.put(name, form.get(name));
      }
    });
    configuration.setAttribute(MachineLaunch.FIELDS, texts);
  }

  private static Map<String, String> texts(ILaunchConfiguration configuration) {
    try {
      return configuration.getAttribute(MachineLaunch.FIELDS, Map.of());
    } catch (CoreException e) {
      return Map.of();
    }
  }

  /** Says what is wrong at the fields of this tab, and in the dialog's title. */
  @Override
  public boolean isValid(ILaunchConfiguration configuration) {
    Map<String, String> mine = new LinkedHashMap<>(form.faults());
    mine.keySet().retainAll(page.names());
    fields.show(mine);
    fields.enable(form::hasMeaning);
    setErrorMessage(mine.values().stream().findFirst().orElse(null));
    return mine.isEmpty();
  }
}
