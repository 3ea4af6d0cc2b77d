// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.GuestSetup;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.control.LiveChange.Change;

/** Who makes CPUs comes and goes; CPUs that are there stay. */
class ProcessorChangeTest {
  private static final String MAKER = "org.xenolith.cpu.a64";
  private static final String LOOK = "cat /proc/cpuinfo";
  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;
  private Path disk;

  @BeforeEach
  void makeDisk() throws IOException {
    disk = new RandomDisk(1, 1 << 20).write(folder.resolve("disk.raw"));
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  @Test
  void runningMachinesKeepTheirCpusWhenTheirMakerIsReplaced() throws IOException {
    try (GuestMachine guest = ShellGuest.resume(disk)) {
      String cpus = guest.command(LOOK);
      assertTrue(cpus.contains("CPU part\t: 0xd07"), cpus);
      Change done = product.change().replace(MAKER, new ByteArrayInputStream(JarEdit.version(product.jar(MAKER), "1.0.1")));
      assertTrue(done.done(), done::toString);
      assertEquals("1.0.1", product.bundle(MAKER).getVersion().toString());
      assertEquals(cpus, guest.command(LOOK));
      GuestSetup.debian("").build().close();
    }
  }

  @Test
  void withoutTheirMakerNewMachinesAreRefusedAndRunningOnesGoOn() throws IOException {
    try (GuestMachine guest = ShellGuest.resume(disk)) {
      String cpus = guest.command(LOOK);
      assertTrue(product.change().remove(MAKER).done());
      String refused = assertThrows(ModelException.class, () -> GuestSetup.debian("").build()).getMessage();
      assertTrue(refused.contains("no bundle makes a CPU that is compatible with [arm,cortex-a57]; install one"), refused);
      assertEquals(cpus, guest.command(LOOK));
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar(MAKER))).done());
      GuestSetup.debian("").build().close();
      assertEquals(cpus, guest.command(LOOK));
    }
  }
}
