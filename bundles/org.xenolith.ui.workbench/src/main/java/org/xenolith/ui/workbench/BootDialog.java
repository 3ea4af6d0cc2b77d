package org.xenolith.ui.workbench;

import java.util.List;
import java.util.Optional;
import org.eclipse.jface.dialogs.IDialogConstants;
import org.eclipse.jface.dialogs.TitleAreaDialog;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.window.Window;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Spinner;
import org.eclipse.swt.widgets.Text;
import org.xenolith.launch.api.LaunchRequest;

/** Asks what to boot on which board. */
final class BootDialog extends TitleAreaDialog {
  private static final int MIB = 20;
  private static final int MOST_CPUS = 8;
  private static final int MEMORY = 512;
  private static final int LEAST_MEMORY = 64;
  private static final int MOST_MEMORY = 16384;
  private final Laboratory laboratory;
  private Combo board;
  private Combo guest;
  private Spinner cpus;
  private Spinner memory;
  private Text cards;
  private Button hypervisor;
  private LaunchRequest wish;

  BootDialog(Shell shell, Laboratory laboratory) {
    super(shell);
    this.laboratory = laboratory;
  }

  /** Shows the dialog until it is answered; empty if the person changed their mind. */
  Optional<LaunchRequest> ask() {
    return open() == Window.OK ? Optional.of(wish) : Optional.empty();
  }

  @Override protected Control createDialogArea(Composite parent) {
    getShell().setText("Boot");
    setTitle("Boot a guest");
    setMessage("The guest is fetched first when it isn't on this machine.");
    Composite area = new Composite((Composite) super.createDialogArea(parent), SWT.NONE);
    GridDataFactory.fillDefaults().grab(true, true).applyTo(area);
    GridLayoutFactory.swtDefaults().numColumns(2).applyTo(area);
    board = choice(area, "Board:", laboratory.boards());
    guest = choice(area, "Guest:", laboratory.guests());
    cpus = number(area, "CPUs:", 1, 1, MOST_CPUS, 1);
    memory = number(area, "Memory (MiB):", MEMORY, LEAST_MEMORY, MOST_MEMORY, LEAST_MEMORY);
    new Label(area, SWT.NONE).setText("PCI devices:");
    cards = new Text(area, SWT.BORDER);
    cards.setMessage("SLOT=MODEL …, for example 1.0=root-port 1.0/0.0=rogue");
    GridDataFactory.fillDefaults().grab(true, false).applyTo(cards);
    hypervisor = new Button(area, SWT.CHECK);
    hypervisor.setText("Under Xenolith's hypervisor, as Dom0");
    GridDataFactory.fillDefaults().span(2, 1).applyTo(hypervisor);
    return area;
  }

  private static Combo choice(Composite area, String label, List<String> names) {
    new Label(area, SWT.NONE).setText(label);
    Combo combo = new Combo(area, SWT.READ_ONLY);
    combo.setItems(names.toArray(String[]::new));
    combo.select(0);
    GridDataFactory.fillDefaults().grab(true, false).applyTo(combo);
    return combo;
  }

  private static Spinner number(Composite area, String label, int value, int least, int most, int step) {
    new Label(area, SWT.NONE).setText(label);
    Spinner spinner = new Spinner(area, SWT.BORDER);
    spinner.setValues(value, least, most, 0, step, step * 2);
    return spinner;
  }

  @Override protected void createButtonsForButtonBar(Composite parent) {
    createButton(parent, IDialogConstants.OK_ID, "Boot", true);
    createButton(parent, IDialogConstants.CANCEL_ID, IDialogConstants.CANCEL_LABEL, false);
    getButton(IDialogConstants.OK_ID).setEnabled(board.getItemCount() > 0 && guest.getItemCount() > 0 && !laboratory.busy());
    if (laboratory.busy()) {
      setErrorMessage("A machine is running: stop it first.");
    }
  }

  @Override protected void okPressed() {
    LaunchRequest.Builder asked = LaunchRequest.of(board.getText()).guest(guest.getText()).cpus(cpus.getSelection())
        .memory((long) memory.getSelection() << MIB).hypervisor(hypervisor.getSelection()).shell(true);
    if (!cards.getText().isBlank()) {
      asked.option("pci", cards.getText().strip());
    }
    wish = asked.build();
    super.okPressed();
  }
}
