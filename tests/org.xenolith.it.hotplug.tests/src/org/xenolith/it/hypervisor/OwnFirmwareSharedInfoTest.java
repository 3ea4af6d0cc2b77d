// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.InspectionPort;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.it.guest.DiskPrograms;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;

/** Whether a domain sees the page with shared information while our own firmware has it: never, or in edk2's way from when XenBus starts. */
@FullLane
class OwnFirmwareSharedInfoTest {
  private static final String NAME = "own";

  @TempDir
  Path folder;

  private HypervisorGuest start(String... settings) throws IOException {
    Path config = Files.writeString(folder.resolve(NAME + ".cfg"), """
        name = "%s"
        firmware = "xenolith"
        memory = 96
        disk = [ '%s,raw,xvda,rw' ]
        """.formatted(NAME, DiskPrograms.reconnecter(folder, Protocol.XEN_IO)));
    return HypervisorGuest.launch(RequestBuilder.of("virt").boardOption("gic", "3").memory(256L << 20).noDom0(true).hypervisor(true).domUs(
        List
            .of(config)).settings(List.of(settings)).build());
  }

  private static int shared(HypervisorGuest guest) {
    return Leftovers.of(guest.machine(), guest.domain(NAME)).shared();
  }

  /** Pages that an operating system leaves alone. */
  private static List<String> reserved(HypervisorGuest guest) {
    return guest.machine().port(BootNode.PATH, InspectionPort.class).answer("memmap").stream().filter(line -> line.startsWith("reserved"))
        .toList();
  }

  @Test
  void itIsNeverMapped() throws IOException {
    try (HypervisorGuest guest = start()) {
      guest.runUntil(NAME, DiskPrograms.FIRST);
      assertEquals(0, shared(guest));
      assertEquals(List.of(), reserved(guest));
    }
  }

  /** It is moved each time, as Xen up to 4.16 does; grants and ports are given back all the same. */
  @Test
  void inEdk2sWayItIsLeftMapped() throws IOException {
    try (HypervisorGuest guest = start(BootNode.PATH + ":xenbus-keeps-shared-info=true")) {
      guest.runUntil(NAME, DiskPrograms.FIRST);
      Leftovers first = Leftovers.of(guest.machine(), guest.domain(NAME));
      assertEquals(List.of(1, 4), List.of(first.shared(), first.frames()), first::toString);
      assertTrue(!reserved(guest).isEmpty(), () -> guest.machine().port(BootNode.PATH, InspectionPort.class).answer("memmap").toString());
      guest.runUntil(NAME, DiskPrograms.LAST);
      assertEquals(first, Leftovers.of(guest.machine(), guest.domain(NAME)));
      assertEquals("", guest.events());
    }
  }
}
