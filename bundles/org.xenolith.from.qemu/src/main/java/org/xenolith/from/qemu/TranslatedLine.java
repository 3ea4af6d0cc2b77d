// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.command.api.BadInput;
import org.xenolith.from.qemu.QemuLine.Option;

/** What a command line of QEMU's is here. */
final class TranslatedLine {
  /** Programs that have no counterpart, by the beginning of their names. */
  private static final Map<String, String> OTHERS = Map.of("qemu-system-arm",
      "32-bit Arm isn't modelled; a 64-bit kernel runs by qemu-system-aarch64's line",
      "qemu-system-i386", "a PC here has x86-64 processors, and is entered by a 64-bit kernel's PVH entry; take qemu-system-x86_64's line",
      "qemu-img",
      "it is no machine; ./xenolith image makes images", "qemu-nbd", "it is no machine");
  private final BootLine boot = new BootLine();

  private TranslatedLine() {}

  /**
   * Translates one.
   *
   * @param processors names of the CPUs that a machine can be asked for
   * @param networks   words of the networks outside that a card can be asked for
   * @throws BadInput if it is no such machine, or nothing would run on it
   */
  static TranslatedLine of(QemuLine line, List<String> processors, Set<String> networks) {
    TranslatedLine translation = new TranslatedLine();
    translation.translate(line, processors, networks);
    return translation;
  }

  private void translate(QemuLine line, List<String> processors, Set<String> networks) {
    boot.board(board(line.program()));
    OptionTable table = new OptionTable();
    QuietOptions.addTo(table, boot);
    MachinePart machine = new MachinePart(boot, processors);
    DiskPart disks = new DiskPart(boot);
    NetPart cards = new NetPart(boot, networks);
    FolderPart folders = new FolderPart(boot);
    machine.addTo(table);
    disks.addTo(table);
    cards.addTo(table);
    folders.addTo(table);
    DevicePart devices = new DevicePart(boot, disks, cards, folders, machine);
    devices.addTo(table);
    DebugPart debug = new DebugPart(boot);
    debug.addTo(table);
    // What machine it is says what other options mean, wherever it stands.
    line.options().stream().filter(each -> each.name().matches("M|machine")).forEach(table::take);
    machine.known();
    for (Option option : line.options()) {
      if (!option.name().matches("M|machine") && !table.take(option)) {
        boot.missing(option, option.name().isEmpty() ? "what this stands for isn't known; put it in by hand"
            : "this option isn't known here");
      }
    }
    devices.end();
    disks.end();
    machine.end(disks);
    cards.end();
    folders.end();
    debug.end();
    if (!machine.starts()) {
      throw new BadInput(boot.arm()
          ? "from-qemu: nothing is named that runs: add -kernel, or firmware (-bios), or a disk to start from by firmware"
          : "from-qemu: nothing would run: a PC here has no BIOS or UEFI firmware that starts what is on a disk; take kernel and initramfs out of it, and name them by -kernel and -initrd");
    }
  }

  private static String board(String program) {
    if (program.equals("qemu-system-aarch64")) {
      return "virt";
    }
    if (program.matches("qemu-system-x86_64.*|qemu-kvm|kvm|qemu")) {
      return "pc-pvh";
    }
    if (program.indexOf(ShellWords.PUT_IN) >= 0) {
      throw new BadInput("from-qemu: what " + program.replace(ShellWords.PUT_IN, '$')
          + " stands for isn't known: put the program's name in");
    }
    throw new BadInput("from-qemu: " + program.replace(ShellWords.PUT_IN, '$') + ": " + OTHERS.getOrDefault(program,
        "expected qemu-system-aarch64 or qemu-system-x86_64; other machines aren't modelled"));
  }

  /** The line of ours. */
  String line() {
    return boot.line();
  }

  /** Its words behind {@code boot}, for who starts it without a shell. */
  List<String> words() {
    return boot.words();
  }

  /** What is otherwise or missing, a line each. */
  List<String> comments() {
    return boot.comments();
  }

  /** Whether nothing is missing. */
  boolean whole() {
    return boot.whole();
  }
}
