// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Shell;

/** Asks for the file of a domain that shall be created. */
final class CreateDialog extends FileQuestion {
  private Button button;
  private boolean paused;

  CreateDialog(Shell shell) {
    super(shell, "Domain", "Create a domain", "A configuration file in the form of xl.cfg says what it is and names its kernel.",
        "File:", "*.cfg", "*");
  }

  /** The command that creates it; empty if the person changed their mind. */
  Optional<String> command() {
    return ask().map(file -> "create " + (paused ? "-p " : "") + file);
  }

  @Override
  void createMore(Composite area) {
    button = new Button(area, SWT.CHECK);
    button.setText("Paused: it runs when it is unpaused");
    GridDataFactory.fillDefaults().span(3, 1).applyTo(button);
  }

  @Override
  String refusal(Path file) {
    return file.toString().matches(".*(\\s\\s|[^\\S ]).*") ? "The path has several blanks in a row, which a command can't tell from one."
        : "";
  }

  @Override
  protected void okPressed() {
    paused = button.getSelection();
    super.okPressed();
  }
}
