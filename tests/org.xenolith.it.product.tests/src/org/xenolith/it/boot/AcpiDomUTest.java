// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.LogLines;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** Debian as a guest that is described by ACPI. */
@FullLane
class AcpiDomUTest {
  private static final String MARKER = "XENOLITH-MARKER";
  /** Version of the GIC, vCPUs. */
  private static final int[][] MACHINES = Lane.full() ? new int[][] {{2, 1}, {2, 4}, {3, 1}, {3, 4}} : new int[][] {{3, 4}};

  @TempDir
  private Path work;

  private Path config(int vcpus, String more) throws IOException, InterruptedException {
    Path files = work.resolve("debian");
    if (!Files.exists(files)) {
      Product.run("guests", "fetch", "debian", "--to", files).expect(0);
    }
    return Files.writeString(work.resolve("guest.cfg"), """
        name = "guest"
        kernel = "%s"
        ramdisk = "%s"
        memory = 192
        vcpus = %d
        acpi = 1
        extra = "console=hvc0 cryptomgr.notests xl.domu"
        %s
        """.formatted(files.resolve("Image"), files.resolve("initrd"), vcpus, more));
  }

  @Test
  void debianComesToItsMarker() throws IOException, InterruptedException {
    for (int[] machine : MACHINES) {
      Boot boot = Boot.run(work, "gic" + machine[0] + "-vcpus" + machine[1], 0, "--hypervisor", "--no-dom0", "--gic", machine[0], "--domu",
          config(machine[1], ""), "--console", "guest", "--until", MARKER);
      assertEquals("marker", boot.report().outcome());
      boot.outcome().outHas("Xen 4.17 support found").outHas("ACPI: RSDP 0x0000000020000000 000024 \\(v02 Xen   \\)")
          .outHas("psci: probing for conduit method from ACPI").outHas("Grant tables using version 1 layout")
          .outHas("Remapping and enabling EFI services").outHas("Registered efivars operations")
          .outHas("Total of " + machine[1] + " processors activated").outHas("ACPI: Interpreter enabled").outHas(MARKER);
      LogLines.assertNoComplaint(boot.outcome().out());
      assertEquals(List.of(), AcpiComplaints.in(boot.outcome().out()));
    }
  }

  @Test
  void whatItsTablesLackIsRefusedWithARemedy() throws IOException, InterruptedException {
    Path config = config(1, "pci = []");
    Object[] line = {"boot", "--hypervisor", "--no-dom0", "--gic", 3, "--domu", config};
    Product.run(line).expect(2).errHas("arm.acpi.domu: its tables have no PCI host bridge: leave out pci, or acpi.*"
        + "arm.dt.domu: it describes guests by device tree");
    Files.writeString(config, Files.readString(config).replace("acpi = 1", "acpi = 2"));
    Product.run(line).expect(2).errHas("guest.cfg:6: acpi: expected 0 to 1, got 2");
  }
}
