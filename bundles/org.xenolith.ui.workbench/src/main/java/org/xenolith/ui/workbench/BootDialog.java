// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.kit.PanicWatch;
import org.xenolith.profile.api.ProfileRequest;
import org.xenolith.ui.workbench.Laboratory.Phase;
import org.xenolith.ui.workbench.Laboratory.Status;

/**
 * Asks what to boot on which board, and boots it: it stays until the machine is there, so that whatever refuses it is said at the
 * field that it is about.
 */
final class BootDialog extends TitleAreaDialog {
  private static final String WHAT_NEXT = "The guest is fetched first when it isn't on this machine. What is left empty is as usual.";
  private static final String SNAPSHOT = "Snapshot and journal";
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
    fields = new BootFields(pages, form, this::changed);
    Map<String, List<LaunchOption>> topics = new LinkedHashMap<>();
    form.options().forEach(option -> topics.computeIfAbsent(option.description().topic(), topic -> new ArrayList<>()).add(option));
    List<LaunchOption> ofSnapshots = topics.remove(SNAPSHOT);
    topics.forEach((topic, options) -> {
      fields.page(topic);
      options.forEach(this::field);
    });
    fields.page("Run");
    text(RunField.CONSOLE, "the board's, or a domain's name, or a node");
    fields.choice(RunField.ON_PANIC.option(), RunField.ON_PANIC.label() + ":", List.of("", PanicWatch.STOP, PanicWatch.CONTINUE));
    fields.folder(RunField.PROFILE.option(), RunField.PROFILE.label() + ":", "a folder for where guest time went");
    text(RunField.PROFILE_PERIOD, ProfileRequest.PERIOD + " instructions of a CPU");
    fields.lines(RunField.SYMBOLS.option(), RunField.SYMBOLS.label() + ":", "FILE[@OFFSET], beside\na Linux kernel's own", true);
    fields.page(SNAPSHOT);
    Optional.ofNullable(ofSnapshots).orElse(List.of()).forEach(this::field);
    fields.folder(RunField.SAVE.option(), RunField.SAVE.label() + ":", "a new folder");
    fields.file(RunField.RECORD.option(), RunField.RECORD.label() + ":", "a journal of all outside input", SWT.SAVE);
    fields.file(RunField.REPLAY.option(), RunField.REPLAY.label() + ":", "from a journal; nothing can be typed", SWT.OPEN);
    update = new UiUpdate(pages, this::follow);
    laboratory.watch(update);
    pages.addDisposeListener(e -> laboratory.forget(update));
    return pages;
  }

  private void text(RunField field, String hint) {
    fields.text(field.option(), field.label() + ":", hint);
  }

  /** The field of an option, as its form asks for. */
  private void field(LaunchOption option) {
    OptionDescription described = option.description();
    String name = described.name();
    String label = described.label() + ":";
    String help = form.shown(described.help());
    List<String> candidates = option.candidates();
    switch (described.form()) {
      case FLAG -> fields.check(name, described.label());
      case CHOICE -> fields.choice(name, label, withNone(candidates));
      case FILE -> {
        if (described.repeats()) {
          fields.lines(name, label, described.value(), true);
        } else if (!candidates.isEmpty()) {
          fields.choiceOrFile(name, label, candidates);
        } else {
          fields.file(name, label, help, SWT.OPEN);
        }
      }
      case FOLDER -> fields.folder(name, label, help);
      case TEXT -> {
        if (described.repeats()) {
          fields.lines(name, label, described.value().replace("][,", "]\n[,"), described.value().startsWith("FILE"));
        } else if (!candidates.isEmpty()) {
          fields.textOrChoice(name, label, withNone(candidates));
        } else {
          fields.text(name, label, help);
        }
      }
    }
    fields.explain(name, help);
  }

  private static List<String> withNone(List<String> names) {
    List<String> all = new ArrayList<>(names);
    all.addFirst("");
    return all;
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
