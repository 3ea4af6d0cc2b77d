// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.LogLines;
import org.xenolith.testkit.Lane;

/** Debian's kernel on bare metal, told of its board by ACPI. */
class AcpiBootTest {
  private static final String MARKER = "XENOLITH-MARKER";

  @TempDir
  private Path work;

  /** A board with PCI behind a translation; and plain ones, which take long. */
  private static final List<List<Object>> BOARDS = Lane.full() ? List.of(board(3, 4, "--pcie", "ecam", "--iommu", "smmuv3", "--pci",
      "1.0=nvme"), board(2, 1), board(2, 4), board(3, 1), board(3, 4)) : List.of(board(3, 4, "--pcie", "ecam", "--iommu", "smmuv3",
          "--pci", "1.0=nvme"));

  private static List<Object> board(int gic, int cpus, Object... more) {
    return Stream.concat(Stream.of("--gic", gic, "--cpus", cpus), Stream.of(more)).toList();
  }

  @Test
  void debianComesToItsMarkerWithoutAWordAgainstTheTables() throws InterruptedException {
    for (List<Object> board : BOARDS) {
      Boot boot = Boot.run(work, "board" + BOARDS.indexOf(board), 0, Stream.concat(Stream.of("--guest", "debian", "--firmware", "acpi",
          "--until", MARKER), board.stream()).toArray());
      String log = boot.outcome().out();
      assertEquals("marker", boot.report().outcome());
      assertEquals(0, boot.report().number("unmodelledAccesses"), boot.report()::toString);
      boot.outcome().outHas("ACPI: RSDP 0x[0-9A-F]+ 000024 \\(v02 XENOLI\\)").outHas("psci: probing for conduit method from ACPI")
          .outHas("Total of " + board.get(3) + " processors activated").outHas("ACPI: Interpreter enabled").outHas(MARKER);
      LogLines.assertNoComplaint(log);
      assertEquals(List.of(), AcpiComplaints.in(log), () -> "against the tables, on " + board);
    }
  }
}
