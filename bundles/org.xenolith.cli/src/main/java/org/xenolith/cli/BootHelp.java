// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.PlatformException;
import picocli.CommandLine.Model.CommandSpec;

/** The foot of {@code boot --help}: the guests that there are, the one that each board boots unless another is named, and examples. Put together only when somebody asks. */
final class BootHelp {
  /** Property of a board's root: the guests that boot on it, the best first. Where it has none, these are the first two. */
  private static final String GUESTS = "xenolith,guests";
  private static final String USUAL = "debian";
  private static final List<String> EXAMPLES = List.of(
      "xenolith boot", "    the board's usual guest; at a terminal, Ctrl-] leads to the monitor",
      "xenolith boot BOARD --memory 1G --until \"login: \"", "    another board, up to a text on its console",
      "xenolith boot --kernel Image --append quiet --initrd root.cpio.gz", "    a kernel of your own",
      "xenolith boot --firmware xenolith --disk system.img,write", "    what firmware finds on a disk",
      "xenolith boot --hypervisor --domu guest.cfg --console guest", "    a domain of the hypervisor beside dom0, and its console",
      "xenolith boot --kernel test.bin --kernel-address 0x40080000 --limit 2",
      "    a program without an operating system, for 2 virtual seconds");

  private BootHelp() {}

  /** Adds it to the command. */
  static void addTo(CommandSpec boot, Installed installed) {
    List<String> lines = new ArrayList<>();
    if (installed != null) {
      lines.add("");
      lines.add("Guests: " + installed.guests().stream().map(GuestSource::name).sorted().collect(Collectors.joining(", "))
          + " ('xenolith guests' says more).");
      lines.add("Without --guest and --kernel:");
      installed.boards().stream().sorted(Comparator.comparing(BoardProvider::name)).forEach(board -> lines.add("  %-10s %s".formatted(board
          .name(), usual(board))));
      lines.add("  a file     what its root's property " + GUESTS + " names, else " + USUAL);
    }
    lines.add("");
    lines.add("Examples:");
    EXAMPLES.forEach(line -> lines.add("  " + line));
    boot.usageMessage().footer(lines.stream().map(line -> line.replace("%", "%%")).toArray(String[]::new));
  }

  private static String usual(BoardProvider board) {
    try {
      return board.tree(board.standard()).root().property(GUESTS).map(FdtProperty::strings).filter(names -> !names.isEmpty()).map(
          names -> String.join(", or else ", names)).orElse(USUAL);
    } catch (PlatformException e) {
      return "its file has an error: 'xenolith topology list' says which";
    }
  }
}
