// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.block.api.Medium;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.kit.RequestBuilder;

class DiskTextTest {
  @Test
  void wordsSayWhatADiskIs() {
    assertEquals(new DiskText("a.img", "a.img", Mode.OVERLAY, false, Medium.DISK, "", Map.of()), DiskText.of("a.img"));
    assertEquals(new DiskText("a.img,write,scsi,pci=1.0", "a.img", Mode.WRITE_THROUGH, true, Medium.DISK, "1.0", Map.of()),
        DiskText.of("a.img,write,scsi,pci=1.0"));
    assertEquals(new DiskText("a.iso,cdrom", "a.iso", Mode.READ_ONLY, true, Medium.CD_ROM, "", Map.of()), DiskText.of("a.iso,cdrom"));
    assertEquals(Mode.READ_ONLY, DiskText.of("a.img,readonly,scsi").mode());
    DiskText raw = DiskText.of("a.img,write,format=raw,pci=2.0");
    assertEquals(Map.of("format", "raw"), raw.settings());
    assertEquals("2.0", raw.slot());
  }

  @Test
  void whatCanNotBeIsSaid() {
    refused("a.img,sideways",
        "'sideways' is unknown; expected write, readonly, scsi, cdrom, pci=SLOT or a setting of the image's format, such as format=raw");
    refused("a.iso,cdrom,write", "a CD-ROM isn't written");
  }

  private static void refused(String text, String why) {
    String says = assertThrows(BadInput.class, () -> DiskText.of(text)).getMessage();
    assertTrue(says.contains("'" + text + "'") && says.contains(why), says);
  }

  @Test
  void guestsLoadDriversForScsiOnly() {
    assertEquals(List.of(), DiskText.modules(RequestBuilder.of("virt").disks(List.of("a.img")).build()));
    assertTrue(DiskText.modules(RequestBuilder.of("virt").disks(List.of("a.img", "b.iso,cdrom")).build()).contains("virtio_scsi"));
    assertTrue(DiskText.modules(RequestBuilder.of("virt").functions(Map.of("/virtio_mmio@a000000", "virtio:8")).build()).contains(
        "sr_mod"));
  }
}
