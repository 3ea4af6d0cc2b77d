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

/** Asks for the jar of a bundle. */
final class JarDialog extends TitleAreaDialog {
  private final String title;
  private Text text;
  private Path chosen;

  JarDialog(Shell shell, String title) {
    super(shell);
    this.title = title;
  }

  /** Shows the dialog until it is answered; empty if the person changed their mind. */
  Optional<Path> choose() {
    return open() == Window.OK ? Optional.of(chosen) : Optional.empty();
  }

  @Override protected Control createDialogArea(Composite parent) {
    getShell().setText("Bundle");
    setTitle(title);
    setMessage("The jar with the bundle. Machines stand still while it is changed.");
    Composite area = new Composite((Composite) super.createDialogArea(parent), SWT.NONE);
    GridDataFactory.fillDefaults().grab(true, true).applyTo(area);
    GridLayoutFactory.swtDefaults().numColumns(3).applyTo(area);
    new Label(area, SWT.NONE).setText("Jar:");
    text = new Text(area, SWT.BORDER);
    GridDataFactory.fillDefaults().grab(true, false).hint(convertWidthInCharsToPixels(60), SWT.DEFAULT).applyTo(text);
    text.addModifyListener(e -> check());
    Button browse = new Button(area, SWT.PUSH);
    browse.setText("Browse…");
    browse.addListener(SWT.Selection, e -> {
      FileDialog files = new FileDialog(getShell(), SWT.OPEN);
      files.setFilterExtensions(new String[] {"*.jar", "*"});
      Optional.ofNullable(files.open()).ifPresent(text::setText);
    });
    return area;
  }

  @Override protected void createButtonsForButtonBar(Composite parent) {
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
      chosen = Path.of(file);
      return Files.isRegularFile(chosen) ? "" : "There is no such file.";
    } catch (InvalidPathException e) {
      return e.getReason();
    }
  }
}
