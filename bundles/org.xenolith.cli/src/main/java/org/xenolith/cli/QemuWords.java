// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Options of QEMU that are none here: what has their place, or that there is nothing. Who comes from QEMU types them, and what is spelled
 * alike ({@code -smp}, {@code --set}) is no help. Source: QEMU's manual page, section Options.
 */
final class QemuWords {
  private static final String NOT_THERE = "isn't there";
  private static final String NOTHING = "nothing to do: ";
  private static final Map<String, String> WORDS = new LinkedHashMap<>();

  static {
    put("--memory SIZE", "m");
    put("--cpus N", "smp");
    put("--cpu NAME, of those that 'models' lists; --cpus N is how many", "cpu");
    put("--kernel FILE", "kernel");
    put("--initrd FILE", "initrd");
    put("--append WORDS", "append");
    put("--dtb FILE, or the file in the place of BOARD", "dtb");
    put("the first word: boot BOARD; 'topology list' has the boards", "M", "machine");
    put("--disk FILE[,write]; of an image in raw, qcow2, VMDK, VHD or VHDX", "drive", "hda", "hdb", "hdc", "hdd", "blockdev");
    put("--disk FILE,cdrom", "cdrom");
    put("--firmware aavmf, or xenolith", "bios", "pflash");
    put("--pci SLOT=MODEL for PCI functions, --disk, --nic and --rng for virtio; 'models' has what there is", "device");
    put("--display ramfb, shown by 'screen' at the monitor prompt; a window " + NOT_THERE, "display", "vga", "vnc", "sdl", "spice");
    put(NOTHING + "the console is the terminal; Ctrl-] leads to the monitor prompt", "nographic", "curses");
    put(NOTHING + "the board's serial line is the terminal; --console names another", "serial", "chardev");
    put(NOTHING + "Ctrl-] leads to the monitor prompt", "monitor", "mon");
    put("--gdb", "s");
    put("--gdb=halted", "S");
    put("--gdb=PORT", "gdb");
    put("--nic user,forward=tcp:127.0.0.1:2222:22 for the host's network, --nic stream=PATH for a socket, --nic tap=NAME", "net", "netdev",
        "redir");
    put("folders of the host in the guest are not there; --add-file puts files into the debian guest", "virtfs", "fsdev");
    put(NOTHING + "writes stay in an overlay, unless --disk FILE,write is said", "snapshot");
    put("--load DIR, of what --save DIR has written", "loadvm");
    put("--on-reset stop", "no-reboot");
    put(NOTHING + "guests are translated to the host's machine code; KVM isn't used", "enable-kvm", "accel");
    put(NOTHING + "time is virtual and every run the same", "icount", "rtc");
    put("--record FILE, and --replay FILE", "rr");
    put("--trace FILE, --profile DIR, and 'trace' at the monitor prompt for a hypervisor", "d", "D");
    put("a socket for other programs " + NOT_THERE + "; 'run' executes scenarios", "qmp", "qmp-pretty", "daemonize", "pidfile");
    put(NOT_THERE, "usb", "usbdevice", "audio", "audiodev", "tpmdev", "incoming", "plugin", "smbios", "acpitable");
  }

  private QemuWords() {}

  private static void put(String instead, String... words) {
    for (String word : words) {
      WORDS.put(word, instead);
    }
  }

  /** All of them, without dashes. */
  static Set<String> words() {
    return Set.copyOf(WORDS.keySet());
  }

  /** A line for each option of QEMU among what nobody understood; those of the last list that {@link #all} counts. */
  static List<String> tell(UnmatchedArgumentException e) {
    return e.getUnmatched().stream().map(QemuWords::word).filter(WORDS::containsKey).distinct().map(word -> "QEMU's -" + word + ": " + WORDS
        .get(word)).toList();
  }

  /** Whether every option that nobody understood is one of QEMU's, so that what is spelled alike is of no interest. */
  static boolean all(UnmatchedArgumentException e) {
    return e.getUnmatched().stream().filter(text -> text.startsWith("-")).allMatch(text -> WORDS.containsKey(word(text)));
  }

  /** An option without dashes and value; empty for what is none. */
  private static String word(String text) {
    int end = text.indexOf('=');
    return text.startsWith("-") ? text.substring(0, end < 0 ? text.length() : end).replaceFirst("^--?", "") : "";
  }
}
