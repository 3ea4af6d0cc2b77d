// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jface.dialogs.IDialogConstants;
import org.eclipse.jface.dialogs.TitleAreaDialog;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.window.Window;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.FileDialog;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;

/** Asks for a file that is there. */
class FileQuestion extends TitleAreaDialog {
  private final String window;
  private final String title;
  private final String message;
  private final String label;
  private final String[] patterns;
  private Text text;
  private Path chosen;

  /**
   * @param window   title of the window
   * @param title    what the file is for
   * @param message  more about it
   * @param label    what kind of file it is
   * @param patterns names of such files
   */
  FileQuestion(Shell shell, String window, String title, String message, String label, String... patterns) {
    super(shell);
    this.window = window;
    this.title = title;
    this.message = message;
    this.label = label;
    this.patterns = patterns.clone();
  }

  /** Asks for the jar of a bundle. */
  static FileQuestion jar(Shell shell, String title) {
    return new FileQuestion(shell, "Bundle", title, "The jar with the bundle. Machines stand still while it is changed.", "Jar:", "*.jar",
        "*");
  }

  /** Shows the dialog until it is answered; empty if the person changed their mind. */
  Optional<Path> ask() {
    return open() == Window.OK ? Optional.of(chosen) : Optional.empty();
  }

  @Override
  protected Control createDialogArea(Composite parent) {
    getShell().setText(window);
    setTitle(title);
    setMessage(message);
    Composite area = new Composite((Composite) super.createDialogArea(parent), SWT.NONE);
    GridDataFactory.fillDefaults().grab(true, true).applyTo(area);
    GridLayoutFactory.swtDefaults().numColumns(3).applyTo(area);
    new Label(area, SWT.NONE).setText(label);
    text = new Text(area, SWT.BORDER);
    GridDataFactory.fillDefaults().grab(true, false).hint(convertWidthInCharsToPixels(60), SWT.DEFAULT).applyTo(text);
    text.addModifyListener(e -> check());
    Button browse = new Button(area, SWT.PUSH);
    browse.setText("Browse…");
    browse.addListener(SWT.Selection, e -> {
      FileDialog files = new FileDialog(getShell(), SWT.OPEN);
      files.setFilterExtensions(patterns);
      Optional.ofNullable(files.open()).ifPresent(text::setText);
    });
    createMore(area);
    return area;
  }

  /** Adds what else is asked; the area has three columns. */
  void createMore(Composite area) {}

  @Override
  protected void createButtonsForButtonBar(Composite parent) {
    super.createButtonsForButtonBar(parent);
    getButton(IDialogConstants.OK_ID).setEnabled(false);
  }

  private void check() {
    String fault = fault(text.getText().strip());
    setErrorMessage(fault.isEmpty() ? null : fault);
    getButton(IDialogConstants.OK_ID).setEnabled(fault.isEmpty());
  }

  private String fault(String file) {
    try {
      chosen = Path.of(file).toAbsolutePath();
      return Files.isRegularFile(chosen) ? refusal(chosen) : "There is no such file.";
    } catch (InvalidPathException e) {
      return e.getReason();
    }
  }

  /** What speaks against a file that is there; empty for nothing. */
  String refusal(Path file) {
    return "";
  }
}
