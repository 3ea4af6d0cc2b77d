// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.ArrayList;
import java.util.EnumMap;
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
import org.xenolith.launch.api.BootRules;
import org.xenolith.profile.api.ProfileRequest;
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
  private final Map<BootField, String> refused = new EnumMap<>(BootField.class);

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
    List<String> guests = laboratory.guests();
    if (!guests.isEmpty() && !guests.contains(form.get(BootField.GUEST))) {
      form.set(BootField.GUEST, guests.getFirst());
    }
    TabFolder pages = new TabFolder((Composite) super.createDialogArea(parent), SWT.NONE);
    GridDataFactory.fillDefaults().grab(true, true).indent(5, 5).applyTo(pages);
    fields = new BootFields(pages, form, this::changed);
    fields.page("Machine");
    fields.choiceOrFile(BootField.BOARD, "Board:", laboratory.boards());
    fields.text(BootField.CPUS, "CPUs:", "1, or what a file says");
    fields.text(BootField.MEMORY, "Memory:", "512M, or what a file says");
    fields.choice(BootField.GIC, "GIC version:", List.of("", "2", "3"));
    fields.text(BootField.GRANULES, "Sizes of pages:", "4k; some of 4k,16k,64k");
    fields.choice(BootField.ENGINE, "CPU engine:", withNone(laboratory.engines()));
    fields.check(BootField.EL2, "CPUs with EL2, for a hypervisor as the kernel");
    fields.lines(BootField.OPTION, "Options of the board:", "NAME=VALUE, for example\nkaslr-seed=none, its=off", false);
    fields.lines(BootField.SET, "Options of models:", "NODE:OPTION=VALUE", false);
    fields.page("Guest");
    fields.choice(BootField.GUEST, "Guest:", guests);
    fields.file(BootField.KERNEL, "Or a kernel:", "an arm64 Image, plain or gzip, an AArch64 ELF file or a flat binary", SWT.OPEN);
    fields.text(BootField.KERNEL_ADDRESS, "Where it goes in RAM:", "hexadecimal; 512 KiB behind the start, or what the file says");
    fields.text(BootField.ENTRY, "Where it is entered:", "hexadecimal; at its start, or what the file says");
    fields.file(BootField.INITRD, "First root file system:", "the guest's", SWT.OPEN);
    fields.text(BootField.APPEND, "Command line, more:", "words added to the guest's");
    fields.text(BootField.PACKAGE, "Debian packages:", "names, for example xenstore-utils");
    fields.lines(BootField.ADD_FILE, "Programs for the guest:", "GUEST-PATH=FILE", false);
    fields.lines(BootField.MODULE, "Multiboot modules:", "KIND=FILE[,WORDS]", false);
    fields.page("Disks and cards");
    fields.lines(BootField.DISK, "Disks:", "FILE[,write]\n[,readonly][,pci=SLOT]", true);
    fields.lines(BootField.NIC, "Network cards:", "[pci=SLOT][,mac=ADDRESS]\n[,bridge=NAME] or a comma", false);
    fields.lines(BootField.VIRTIO_CONSOLE, "Virtio consoles:", "pci=SLOT or a comma", false);
    fields.lines(BootField.PCI, "PCI devices:", "SLOT=MODEL, for example\n1.0=root-port", false);
    fields.text(BootField.PCIE, "PCI host bridge:", "on virt ecam, cam, dw or xgene");
    fields.text(BootField.IOMMU, "Address translation:", "none or smmuv3");
    fields.page("Hypervisor");
    fields.check(BootField.HYPERVISOR, "Under Xenolith's hypervisor, as Dom0");
    fields.text(BootField.DOM0_MEMORY, "Memory of Dom0:", "384M, or half of a small machine");
    fields.text(BootField.DOM0_VCPUS, "Virtual CPUs of Dom0:", "as many as the machine has");
    fields.lines(BootField.DOMU, "Domains beside it:", "files in the form of xl.cfg", true);
    fields.check(BootField.NO_DOM0, "No Dom0: nothing but these domains");
    fields.page("Run");
    fields.text(BootField.CONSOLE, "Console shown:", "the board's, or a domain's name, or a node");
    fields.choice(BootField.ON_PANIC, "After a kernel panic:", List.of("", BootRules.STOP, BootRules.CONTINUE));
    fields.folder(BootField.PROFILE, "Profile:", "a folder for where guest time went");
    fields.text(BootField.PROFILE_PERIOD, "Look every:", ProfileRequest.PERIOD + " instructions of a CPU");
    fields.lines(BootField.SYMBOLS, "Names of addresses:", "FILE[@OFFSET], beside\na Linux kernel's own", true);
    fields.page("Snapshot and journal");
    fields.folder(BootField.LOAD, "Continue a snapshot:", "folder; board, guest and disks are the snapshot's");
    fields.folder(BootField.SAVE, "Save when it ends:", "a new folder");
    fields.file(BootField.RECORD, "Record input:", "a journal of all outside input", SWT.SAVE);
    fields.file(BootField.REPLAY, "Replay input:", "from a journal; nothing can be typed", SWT.OPEN);
    update = new UiUpdate(pages, this::follow);
    laboratory.watch(update);
    pages.addDisposeListener(e -> laboratory.forget(update));
    return pages;
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
    Map<BootField, String> faults = form.faults();
    refused.forEach(faults::putIfAbsent);
    fields.show(faults);
    boolean snapshot = !form.get(BootField.LOAD).isEmpty();
    boolean kernel = !form.get(BootField.KERNEL).isEmpty();
    fields.enable(field -> !booting && (!snapshot || field.besideSnapshot()) && !(kernel && field == BootField.GUEST));
    boolean another = laboratory.busy() && !booting;
    setErrorMessage(another ? "A machine is running: stop it first." : faults.values().stream().findFirst().orElse(null));
    getButton(IDialogConstants.OK_ID).setEnabled(!booting && !another && faults.isEmpty());
  }

  @Override
  protected void okPressed() {
    laboratory.form(form);
    booting = true;
    show();
    laboratory.boot(form.request());
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
      Optional<BootField> culprit = form.culprit(status.text());
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
