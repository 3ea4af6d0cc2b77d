// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.DirectoryDialog;
import org.eclipse.swt.widgets.FileDialog;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.TabFolder;
import org.eclipse.swt.widgets.TabItem;
import org.eclipse.swt.widgets.Text;

/** The controls of the boot dialog: a row for each field, on several pages, with room for what is wrong with it. */
final class BootFields {
  /** Where a control keeps the name of the option that it shows. */
  static final String FIELD = "field";
  private static final int COLUMNS = 3;
  private static final int WIDTH = 360;
  private static final int LINES = 3;
  private final Shell shell;
  private final BootForm form;
  private final Runnable changed;
  private final Map<String, Row> rows = new LinkedHashMap<>();
  private Composite page;
  private Optional<TabItem> tab = Optional.empty();

  private record Row(Optional<TabItem> tab, Control control, Optional<Button> button, Label fault) {}

  /**
   * Fields of a form, on pages that are begun then.
   *
   * @param shell   in which they are
   * @param changed runs when a field is another
   */
  BootFields(Shell shell, BootForm form, Runnable changed) {
    this.shell = shell;
    this.form = form;
    this.changed = changed;
  }

  /** Begins a page that has a tab. */
  void page(TabFolder pages, String title) {
    TabItem item = new TabItem(pages, SWT.NONE);
    item.setText(title);
    page(pages);
    item.setControl(page);
    tab = Optional.of(item);
  }

  /** Begins a page. Returns it. */
  Composite page(Composite parent) {
    tab = Optional.empty();
    page = new Composite(parent, SWT.NONE);
    GridLayoutFactory.swtDefaults().numColumns(COLUMNS).applyTo(page);
    return page;
  }

  /** One of several. */
  void choice(String field, String label, List<String> items) {
    label(label);
    row(field, combo(field, items, SWT.READ_ONLY), Optional.empty());
  }

  /** One of several, or a file. */
  void choiceOrFile(String field, String label, List<String> items) {
    label(label);
    Combo combo = combo(field, items, SWT.NONE);
    row(field, combo, Optional.of(browse("Browse…", () -> file(SWT.OPEN), combo::setText)));
  }

  private Combo combo(String field, List<String> items, int style) {
    Combo combo = new Combo(page, SWT.DROP_DOWN | style);
    combo.setItems(items.toArray(String[]::new));
    combo.setText(form.get(field));
    combo.addModifyListener(e -> set(field, combo.getText()));
    return combo;
  }

  /** A text, or one of several that are likely. */
  void textOrChoice(String field, String label, List<String> items) {
    label(label);
    row(field, combo(field, items, SWT.NONE), Optional.empty());
  }

  /** A text. */
  void text(String field, String label, String hint) {
    label(label);
    row(field, line(field, hint), Optional.empty());
  }

  /** A file that is there, or one to be written. */
  void file(String field, String label, String hint, boolean written) {
    label(label);
    Text text = line(field, hint);
    row(field, text, Optional.of(browse("Browse…", () -> file(written ? SWT.SAVE : SWT.OPEN), text::setText)));
  }

  /** A folder. */
  void folder(String field, String label, String hint) {
    label(label);
    Text text = line(field, hint);
    row(field, text, Optional.of(browse("Browse…", () -> new DirectoryDialog(shell).open(), text::setText)));
  }

  /** Several, one on a line; with {@code files} a button adds one. */
  void lines(String field, String label, String syntax, boolean files) {
    label(label + "\n" + syntax);
    Text text = new Text(page, SWT.BORDER | SWT.MULTI | SWT.V_SCROLL);
    text.setText(form.get(field));
    text.addModifyListener(e -> set(field, text.getText()));
    text.addTraverseListener(e -> e.doit |= e.detail == SWT.TRAVERSE_TAB_NEXT || e.detail == SWT.TRAVERSE_TAB_PREVIOUS);
    row(field, text, !files ? Optional.empty() : Optional.of(browse("Add file…", () -> file(SWT.OPEN), file -> text.setText((text.getText()
        .stripTrailing() + "\n" + file).strip()))));
    GridData place = (GridData) text.getLayoutData();
    place.grabExcessVerticalSpace = true;
    place.heightHint = text.getLineHeight() * LINES;
  }

  /** A box to tick. */
  void check(String field, String label) {
    label("");
    Button box = new Button(page, SWT.CHECK);
    box.setText(label);
    box.setSelection(form.get(field).equals(BootForm.ON));
    box.addListener(SWT.Selection, e -> set(field, box.getSelection() ? BootForm.ON : ""));
    row(field, box, Optional.empty());
  }

  /** Says more of a field when somebody points at it. */
  void explain(String field, String text) {
    rows.get(field).control.setToolTipText(text);
  }

  private void label(String text) {
    Label label = new Label(page, SWT.NONE);
    label.setText(text);
    GridDataFactory.swtDefaults().align(SWT.BEGINNING, text.contains("\n") ? SWT.BEGINNING : SWT.CENTER).applyTo(label);
  }

  private Text line(String field, String hint) {
    Text text = new Text(page, SWT.BORDER);
    text.setMessage(hint);
    text.setText(form.get(field));
    text.addModifyListener(e -> set(field, text.getText()));
    return text;
  }

  private String file(int style) {
    return new FileDialog(shell, style).open();
  }

  private Button browse(String text, Supplier<String> question, Consumer<String> use) {
    Button button = new Button(page, SWT.PUSH);
    button.setText(text);
    button.addListener(SWT.Selection, e -> Optional.ofNullable(question.get()).ifPresent(use));
    GridDataFactory.fillDefaults().align(SWT.FILL, SWT.BEGINNING).applyTo(button);
    return button;
  }

  private void row(String field, Control control, Optional<Button> button) {
    control.setData(FIELD, field);
    GridDataFactory.fillDefaults().grab(true, false).hint(WIDTH, SWT.DEFAULT).span(button.isPresent() ? 1 : COLUMNS - 1, 1).applyTo(
        control);
    Label fault = new Label(page, SWT.WRAP);
    fault.setForeground(page.getDisplay().getSystemColor(SWT.COLOR_RED));
    GridDataFactory.fillDefaults().exclude(true).hint(WIDTH, SWT.DEFAULT).span(COLUMNS, 1).indent(WIDTH / 3, 0).applyTo(fault);
    fault.setVisible(false);
    rows.put(field, new Row(tab, control, button, fault));
  }

  private void set(String field, String text) {
    form.set(field, text);
    changed.run();
  }

  /** Says below each field what is wrong with it, and nothing below the others. */
  void show(Map<String, String> faults) {
    rows.forEach((field, row) -> {
      String fault = faults.getOrDefault(field, "");
      if (!row.fault.getText().equals(fault)) {
        row.fault.setText(fault);
        row.fault.setVisible(!fault.isEmpty());
        ((GridData) row.fault.getLayoutData()).exclude = fault.isEmpty();
        row.control.getParent().layout(true, true);
      }
    });
  }

  /** Lets those be filled in that have a meaning. */
  void enable(Predicate<String> meaning) {
    rows.forEach((field, row) -> {
      row.control.setEnabled(meaning.test(field));
      row.button.ifPresent(button -> button.setEnabled(meaning.test(field)));
    });
  }

  /** Brings a field into sight and gives it the keyboard. */
  void reveal(String field) {
    Row row = rows.get(field);
    if (row == null) {
      return;
    }
    row.tab.ifPresent(item -> item.getParent().setSelection(item));
    row.control.setFocus();
  }
}
