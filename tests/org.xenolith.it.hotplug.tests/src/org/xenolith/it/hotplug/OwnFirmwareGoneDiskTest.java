// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.StubbornReader;
import org.xenolith.it.hotplug.OwnFirmwareMachine.Way;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.testkit.FullLane;

/** A disk whose hardware goes in the middle of a read: the read ends with an error, an event says why, and when it is back the drivers are connected again. */
@FullLane
class OwnFirmwareGoneDiskTest {
  private static final int EVERY = 100;
  private static final int LOOKS = 20_000;

  @TempDir
  private Path folder;
  private final InstalledProduct product = InstalledProduct.get();

  /**
   * What goes.
   *
   * @param bundle whose model it is
   * @param status that a read may end with, as the program shows it
   * @param event  what somebody is told
   */
  private record Gone(Way way, String bundle, String status, String event) {}

  @TestFactory
  List<DynamicTest> aReadOfADiskThatGoesEndsAndGoesOnWhenItIsBack() {
    List<Gone> all = List.of(new Gone(Way.MMIO, "hw.virtio.mmio", "07", "virtio block device is gone"), new Gone(Way.PV, "hyp.blkback",
        "07|12", "PV block device: its back end doesn't answer"), new Gone(Way.MMIO, "hw.virtio.blk", "07|12", "virtio block device"),
        new Gone(Way.PCI, "hw.virtio.pci", "07", "virtio block device"), new Gone(Way.PCI, "hw.virtio.blk", "07|12",
            "virtio block device"), new Gone(Way.SCSI, "hw.virtio.scsi", "07|12", "virtio SCSI host"), new Gone(Way.SCSI, "hw.virtio.pci",
                "07|12", "virtio SCSI host"), new Gone(Way.NVME, "hw.nvme", "07", "NVMe controller: it is gone"));
    return all.stream().map(each -> dynamicTest(each.way + " without " + each.bundle, () -> {
      try {
        goes(each);
      } finally {
        product.restore(); // for the next one
      }
    })).toList();
  }

  private void goes(Gone gone) throws IOException {
    String bundle = "org.xenolith." + gone.bundle;
    Path disk = StubbornReader.disk(Files.createDirectories(folder.resolve(gone.way + gone.bundle)), gone.way.root,
        StubbornReader.WITHOUT_END);
    try (OwnFirmwareMachine machine = OwnFirmwareMachine.launch(gone.way, disk, false)) {
      machine.runUntil(StubbornReader.READ, 2);
      assertTrue(machine.runUntil(() -> machine.open().contains(gone.way.leaf), EVERY, LOOKS), () -> machine.lines(StubbornReader.READ)
          + " reads, " + machine.tail());
      long reads = machine.lines(StubbornReader.READ);
      Change removed = product.change().remove(bundle);
      assertTrue(removed.done(), removed::reason);
      machine.runUntil(StubbornReader.ERROR, 1);
      String status = machine.text().replace("\r", "").lines().filter(each -> each.startsWith(StubbornReader.ERROR)).findFirst()
          .orElseThrow()
          .substring(StubbornReader.ERROR.length());
      assertTrue(status.matches(gone.status), status + machine.tail());
      assertTrue(machine.guest().events().contains(gone.event), machine::tail);
      machine.guest().runFor(1000);
      assertTrue(machine.lines(StubbornReader.READ) <= reads + 1, machine::tail);
      Change added = product.change().add(new ByteArrayInputStream(product.jar(bundle)));
      assertTrue(added.done(), added::reason);
      machine.runUntil(StubbornReader.READ, reads + 5);
      assertFalse(machine.guest().events().contains("model-failed"), machine::tail);
      System.out.println(gone.way + " without " + gone.bundle + ": error " + status);
    }
  }
}
