// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.TabFolder;
import org.eclipse.swt.widgets.TabItem;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.kit.PanicWatch;
import org.xenolith.platform.api.Platform;
import org.xenolith.ui.workbench.Laboratory.Phase;

/** What the boot dialog takes, and what it refuses: in the words of the command line, at the field. */
final class BootDialogSteps implements Desk.Work {
  /** A flat program that says at the PL011 what follows it, up to a zero, and spins. */
  private static final int[] SAYS = {
      0x100000E1, // adr x1, text
      0xD2A12002, // movz x2, #0x0900, lsl #16
      0x38401420, // next: ldrb w0, [x1], #1
      0x34000060, // cbz w0, end
      0x39000040, // strb w0, [x2]
      0x17FFFFFD, // b next
      0x14000000}; // end: b end

  private final Path folder;
  private Desk desk;

  /** @param folder empty, for its files */
  BootDialogSteps(Path folder) {
    this.folder = folder;
  }

  @Override
  public void at(Desk opened) throws Exception {
    desk = opened;
    Files.createFile(folder.resolve("disk.img"));
    refusesWhatCantBe();
    offersWhatABundleBrings();
    replaysWhatWasRecorded();
    endsWhenTheGuestPanics();
  }

  /** What can be seen at once is said before anything is booted, the rest when the launcher refuses it. */
  private void refusesWhatCantBe() {
    String missing = folder.resolve("nothing").toString();
    Person.Answer answer = desk.person.answer("Boot", dialog -> {
      desk.fill(dialog, "guest", "tiny");
      refusedAtOnce(dialog, "initrd", missing, "--initrd '" + missing + "': no such file");
      refusedAtOnce(dialog, "entry", "40080000", "--entry is about a file: name it with --kernel");
      desk.fill(dialog, "record", missing);
      refusedAtOnce(dialog, "replay", folder.resolve("disk.img").toString(),
          "--record and --replay exclude each other: a replayed run takes no new input");
      desk.fill(dialog, "record", "");
      refusedByTheLauncher(dialog, "disk", missing, "--disk '" + missing
          + "': no such disk image; name an existing file, or make one: truncate -s 64M " + missing);
      refusedByTheLauncher(dialog, "disk", folder.resolve("disk.img") + ",frob",
          "--disk '" + folder.resolve("disk.img")
              + ",frob': 'frob' is unknown; expected write, readonly, scsi, cdrom, pci=SLOT or a setting of the image's format, such as format=raw");
      desk.person.photograph(dialog, Desk.picture("-refused"));
      desk.fill(dialog, "disk", "");
      refusedByTheLauncher(dialog, "option", "kaslr-seed=never",
          "board virt: option 'kaslr-seed=never' can't be had; possible: none, or up to 16 hexadecimal digits");
      desk.fill(dialog, "option", "");
      refusedAtOnce(dialog, "granules", "8k", "--granules '8k': expected one or more of 4k,16k,64k, got '8k'");
      refusedByTheLauncher(dialog, "virtio-console", "pci=1.0",
          "--virtio-console 'pci=1.0': there is no virtio device in slot 1.0; plug one in with --pci 1.0=virtio");
      desk.fill(dialog, "virtio-console", "");
      refusedByTheLauncher(dialog, "console", "guest", "console guest: this machine has no hypervisor; boot with --hypervisor");
      desk.person.press(dialog, "Cancel");
    });
    desk.select("Boot…");
    answer.check();
    assertEquals(Phase.REFUSED, Desk.laboratory().status().phase());
  }

  /** An option of a third party, as of the guide on boards: a page of its own while its bundle is there. */
  private record Speed() implements LaunchOption {
    @Override
    public OptionDescription description() {
      return OptionDescription.of("acme-speed", OptionDescription.Form.TEXT, "Acme", 1000).words("Speed", "Speed of the board.");
    }

    @Override
    public void use(List<String> texts, LaunchRequest.Builder request) {
      if (!texts.getFirst().matches("[1-3]")) {
        throw BadInput.at("acme-speed", texts.getFirst(), "expected 1 to 3");
      }
      request.option("acme-speed", texts);
    }
  }

  private void offersWhatABundleBrings() {
    ServiceRegistration<LaunchOption> there = FrameworkUtil.getBundle(Laboratory.class).getBundleContext().registerService(
        LaunchOption.class, new Speed(), null);
    Person.Answer answer = desk.person.answer("Boot", dialog -> {
      refusedAtOnce(dialog, "acme-speed", "9", "'Speed' '9': expected 1 to 3");
      TabItem[] pages = Person.find(dialog, TabFolder.class, t -> true).getItems();
      assertTrue(Stream.of(pages).anyMatch(page -> page.getText().equals("Acme")));
      desk.person.press(dialog, "Cancel");
    });
    desk.select("Boot…");
    answer.check();
    BootForm form = Desk.laboratory().empty();
    form.set("acme-speed", "2");
    assertEquals(List.of("2"), form.request().launch().option("acme-speed"));
    there.unregister();
    assertTrue(Desk.laboratory().empty().options().stream().noneMatch(option -> option.description().name().equals("acme-speed")));
  }

  private void refusedAtOnce(Shell dialog, String field, String value, String says) {
    desk.fill(dialog, field, value);
    String shown = BootFormSteps.said(says);
    assertTrue(desk.person.texts(dialog).contains(shown), () -> shown + " is not in " + desk.person.texts(dialog));
    assertFalse(Person.find(dialog, Button.class, b -> b.getText().equals("Boot")).isEnabled(), () -> value + " can't be booted with");
    desk.person.await("it in the title, too", () -> shown.equals(error(dialog)), () -> error(dialog));
    desk.fill(dialog, field, "");
  }

  /** What stands below the dialog's title. */
  private static String error(Shell dialog) {
    return ((BootDialog) dialog.getData()).getErrorMessage();
  }

  private void refusedByTheLauncher(Shell dialog, String field, String value, String says) {
    desk.fill(dialog, field, value);
    desk.person.press(dialog, "Boot");
    desk.person.await("the launcher's refusal at the field", () -> desk.person.texts(dialog).contains(BootFormSteps.said(says)),
        () -> desk.person.texts(dialog) + "\n" + Desk.laboratory().status());
  }

  /** The same run twice, the second time from the journal of the first; with a profile, on another board than usual. */
  private void replaysWhatWasRecorded() throws IOException {
    Path journal = folder.resolve("journal");
    desk.boots("tiny", dialog -> {
      desk.fill(dialog, "console", ""); // it has what was asked for last
      desk.fill(dialog, "record", journal.toString());
      desk.fill(dialog, "option", "kaslr-seed=none\nplatform-bus=off");
      desk.fill(dialog, "granules", "4k,16k");
      desk.fill(dialog, "virtio-console", ",");
      desk.fill(dialog, "profile", folder.resolve("profile").toString());
      desk.fill(dialog, "profile-period", "1009");
    });
    desk.awaitEnd();
    String first = Desk.laboratory().status().text();
    assertTrue(first.startsWith("The guest powered off after "), first);
    assertTrue(Files.size(folder.resolve("profile/profile.txt")) > 0);
    desk.boots("tiny", dialog -> {
      desk.fill(dialog, "record", "");
      desk.fill(dialog, "profile", "");
      desk.fill(dialog, "profile-period", "");
      desk.fill(dialog, "replay", journal.toString());
    });
    desk.awaitEnd();
    assertEquals(first, Desk.laboratory().status().text());
  }

  /** A program of one's own, somewhere in RAM: its panic ends the run, as on the command line. */
  private void endsWhenTheGuestPanics() throws IOException {
    byte[] text = "Kernel panic - not syncing: the moon is full\n\0".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer program = ByteBuffer.allocate(SAYS.length * Integer.BYTES + text.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : SAYS) {
      program.putInt(word);
    }
    Path kernel = Files.write(folder.resolve("flat"), program.put(text).array());
    desk.boots("tiny", dialog -> {
      desk.fill(dialog, "replay", "");
      desk.fill(dialog, "virtio-console", "");
      desk.fill(dialog, "kernel", kernel.toString());
      desk.fill(dialog, "kernel-address", "40300000");
      desk.fill(dialog, "entry", "0x40300000");
      desk.fill(dialog, "on-panic", PanicWatch.CONTINUE);
    });
    Platform platform = Desk.laboratory().platform().orElseThrow(); // it spins until it is stopped
    assertTrue(platform.nodes().stream().noneMatch(node -> node.name().startsWith("platform-bus")), "the bus that was turned off");
    assertEquals("4k,16k", platform.cpus().getFirst().options().get("granules"));
    desk.stops();
    desk.boots("tiny", dialog -> desk.fill(dialog, "on-panic", ""));
    desk.awaitEnd();
    assertEquals(Phase.FAILED, Desk.laboratory().status().phase());
    assertTrue(Desk.laboratory().status().text().matches(
        "The guest panicked: 'Kernel panic - not syncing: the moon is full'; the run ended at"
            + " 2\\.\\d{3} virtual seconds \\('After a kernel panic' continue lets it go on\\)\\."), Desk.laboratory().status().text());
  }
}
