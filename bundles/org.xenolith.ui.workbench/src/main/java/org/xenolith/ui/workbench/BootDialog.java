// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jface.dialogs.IDialogConstants;
import org.eclipse.jface.dialogs.IMessageProvider;
import org.eclipse.jface.dialogs.TitleAreaDialog;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.TabFolder;
import org.xenolith.ui.workbench.Laboratory.Phase;
import org.xenolith.ui.workbench.Laboratory.Status;

/**
 * Asks what to boot on which board, and boots it: it stays until the machine is there, so that whatever refuses it is said at the
 * field that it is about.
 */
final class BootDialog extends TitleAreaDialog {
  private static final String WHAT_NEXT = "The guest is fetched first when it isn't on this machine. What is left empty is as usual.";
  private final Laboratory laboratory;
  private final BootForm form;
  private BootFields fields;
  private UiUpdate update;
  /** Whether the machine of this dialog is being prepared. */
  private boolean booting;
  /** What the launcher said, at the field that it is about; until something is changed. */
  private final Map<String, String> refused = new LinkedHashMap<>();

  BootDialog(Shell shell, Laboratory laboratory) {
    super(shell);
    this.laboratory = laboratory;
    form = laboratory.form();
    setShellStyle(getShellStyle() | SWT.RESIZE);
  }

  @Override
  protected Control createDialogArea(Composite parent) {
    getShell().setText("Boot");
    setTitle("Boot a machine");
    setMessage(WHAT_NEXT);
    TabFolder pages = new TabFolder((Composite) super.createDialogArea(parent), SWT.NONE);
    GridDataFactory.fillDefaults().grab(true, true).indent(5, 5).applyTo(pages);
    fields = new BootFields(getShell(), form, this::changed);
    BootPage.of(form).forEach(page -> {
      fields.page(pages, page.title());
      page.fill(form, fields);
    });
    update = new UiUpdate(pages, this::follow);
    laboratory.watch(update);
    pages.addDisposeListener(e -> laboratory.forget(update));
    return pages;
  }

  @Override
  protected void createButtonsForButtonBar(Composite parent) {
    createButton(parent, IDialogConstants.OK_ID, "Boot", true);
    createButton(parent, IDialogConstants.CANCEL_ID, IDialogConstants.CANCEL_LABEL, false);
    show();
  }

  private void changed() {
    refused.clear();
    show();
  }

  /** Shows what is wrong with what was filled in, and lets it be booted if nothing is. */
  private void show() {
    Map<String, String> faults = form.faults();
    refused.forEach(faults::putIfAbsent);
    fields.show(faults);
    fields.enable(field -> !booting && form.hasMeaning(field));
    boolean another = laboratory.busy() && !booting;
    setErrorMessage(another ? "A machine is running: stop it first." : faults.values().stream().findFirst().orElse(null));
    getButton(IDialogConstants.OK_ID).setEnabled(!booting && !another && faults.isEmpty());
  }

  @Override
  protected void okPressed() {
    laboratory.form(form);
    booting = true;
    show();
    MachineLaunch.boot(form, laboratory);
  }

  /** What becomes of the machine of this dialog. */
  private void follow() {
    Status status = laboratory.status();
    if (!booting) {
      show();
    } else if (status.phase() == Phase.PREPARING) {
      setMessage(status.text(), IMessageProvider.INFORMATION);
    } else if (status.phase() == Phase.REFUSED) {
      booting = false;
      setMessage(WHAT_NEXT);
      Optional<String> culprit = form.culprit(laboratory.refusal());
      culprit.ifPresent(field -> refused.put(field, status.text()));
      show();
      culprit.ifPresent(fields::reveal);
      setErrorMessage(status.text());
    } else {
      super.okPressed();
    }
  }

  /** A machine that isn't there yet is given up. */
  @Override
  protected void cancelPressed() {
    if (booting) {
      laboratory.stop();
    }
    super.cancelPressed();
  }
}
