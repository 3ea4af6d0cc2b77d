// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.nio.file.Path;
import org.eclipse.jface.dialogs.IMessageProvider;
import org.eclipse.jface.dialogs.InputDialog;
import org.eclipse.jface.dialogs.TitleAreaDialog;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.window.Window;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;
import org.eclipse.ui.PlatformUI;
import org.xenolith.machine.control.Hang;

/** Names a model that doesn't come back, and offers what can be done about it. The window behind it lives on; nothing waits. */
final class HangDialog extends TitleAreaDialog {
  /** Its title. */
  static final String TITLE = "Hang";
  private static final int TAKE_OFF = 1025;
  private static final int SAVE = 1026;
  private static final int STOP = 1027;
  private static final int QUIT = 1028;
  private static final int LINES = 12;
  private static final int COLUMNS = 100;
  private final Laboratory laboratory;
  private final Display display;
  private Text stack;

  HangDialog(Shell shell, Laboratory laboratory) {
    super(shell);
    this.laboratory = laboratory;
    display = shell.getDisplay();
    setShellStyle(SWT.CLOSE | SWT.TITLE | SWT.BORDER | SWT.RESIZE | SWT.MODELESS | getDefaultOrientation());
    setBlockOnOpen(false);
  }

  @Override
  protected Control createDialogArea(Composite parent) {
    getShell().setText(TITLE);
    setTitle("A model does not come back");
    setMessage("The machine waits for it. Off the bus, its device is gone and the machine goes on where that is possible. Of the machine"
        + " itself nothing can be saved meanwhile.", IMessageProvider.WARNING);
    Composite area = (Composite) super.createDialogArea(parent);
    stack = new Text(area, SWT.MULTI | SWT.READ_ONLY | SWT.BORDER | SWT.V_SCROLL | SWT.H_SCROLL);
    GridDataFactory.fillDefaults().grab(true, true).indent(5, 5).hint(convertWidthInCharsToPixels(COLUMNS), stack.getLineHeight() * LINES)
        .applyTo(stack);
    return area;
  }

  @Override
  protected void createButtonsForButtonBar(Composite parent) {
    createButton(parent, TAKE_OFF, "Take it off the bus", true).setFocus();
    createButton(parent, SAVE, "Save what is safe…", false);
    createButton(parent, STOP, "Stop the machine", false);
    createButton(parent, QUIT, "Quit", false);
  }

  /** Shows which model it is now. */
  void show(Hang hang) {
    String text = HangRecord.text(hang);
    if (!stack.getText().equals(text)) {
      int top = stack.getTopIndex();
      stack.setText(text);
      stack.setTopIndex(top);
    }
  }

  @Override
  protected void buttonPressed(int id) {
    switch (id) {
      case TAKE_OFF -> {
        getButton(TAKE_OFF).setEnabled(false);
        setMessage("Taking it off the bus…", IMessageProvider.INFORMATION);
        laboratory.takeOff(text -> showOutcome(text, true));
      }
      case SAVE -> askForFolder();
      case STOP -> laboratory.stop();
      case QUIT -> PlatformUI.getWorkbench().close();
      default -> super.buttonPressed(id);
    }
  }

  private void askForFolder() {
    InputDialog question = new InputDialog(getShell(), "Save", "Who hangs and where, the machine's events and the end of its console. A new"
        + " folder:", "", text -> text.isBlank() ? "" : BootForm.newFolder(text.strip()).isEmpty() ? null : BootForm.newFolder(text
            .strip()));
    if (question.open() == Window.OK) {
      laboratory.saveWhatIsSafe(Path.of(question.getValue().strip()), text -> showOutcome(text, false));
    }
  }

  /** What became of what was asked for; any thread. If it is of use, the machine goes on and this is closed. */
  private void showOutcome(String text, boolean again) {
    if (display.isDisposed()) {
      return;
    }
    display.asyncExec(() -> {
      if (getShell() != null && !getShell().isDisposed()) {
        setMessage(text, IMessageProvider.WARNING);
        if (again) {
          getButton(TAKE_OFF).setEnabled(true);
        }
      }
    });
  }
}
