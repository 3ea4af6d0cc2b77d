// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeScsiHost;
import org.xenolith.testkit.efi.FakeScsiUnit;

/** Units behind hosts that want buffers aligned, or whose targets differ in the last byte only. */
class ScsiTargetsTest {
  private static final int ALIGNMENT = 40;
  private static final int MODE = 8;

  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam memory = firmware.memory();
  private final ScsiBusLayer layer = new ScsiBusLayer();

  private EfiStatus connect(FakeScsiHost host) {
    firmware.service(BootService.ALLOCATE_POOL, call -> {
      memory.put64(call.argument(2), firmware.room((int) call.argument(1)));
      return EfiStep.done();
    });
    firmware.service(BootService.FREE_POOL, call -> EfiStep.done());
    layer.begin(firmware);
    return EfiStatus.of(firmware.connect(layer, firmware.handles().install(0, Protocol.EXT_SCSI_PASS_THRU, host.protocol())));
  }

  private List<String> units() {
    long room = firmware.room(64);
    List<String> found = new ArrayList<>();
    for (long handle : firmware.handles().handles(Protocol.SCSI_IO)) {
      long unit = firmware.handles().find(handle, Protocol.SCSI_IO);
      memory.put64(room, room + 16);
      assertEquals(0, firmware.call(memory.get64(unit + 8), unit, room, room + 8));
      HexFormat hex = HexFormat.of();
      found.add(hex.formatHex(memory.read(room + 16, 1)) + ".." + hex.formatHex(memory.read(room + 31, 1)) + "/" + memory.get64(room + 8));
    }
    return found;
  }

  @Test
  void unitsAreFoundWhateverAlignmentTheirHostWants() {
    for (int alignment : new int[] {1, 4, 64, 512, 4096}) {
      ScsiTargetsTest bench = new ScsiTargetsTest();
      FakeScsiHost host = new FakeScsiHost(bench.firmware, alignment, 8192);
      host.unit(FakeScsiHost.target(1, 0), 0, new FakeScsiUnit());
      host.unit(FakeScsiHost.target(2, 0), 0, new FakeScsiUnit());
      assertEquals(EfiStatus.SUCCESS, bench.connect(host));
      assertEquals(List.of("01..00/0", "02..00/0"), bench.units(), "alignment " + alignment);
      long unit = bench.firmware.handles().find(bench.firmware.handles().handles(Protocol.SCSI_IO).getFirst(), Protocol.SCSI_IO);
      assertEquals(alignment, bench.memory.get32(unit + ALIGNMENT));
    }
  }

  @Test
  void aHostWhoseAlignmentIsNoneIsntManaged() {
    FakeScsiHost host = new FakeScsiHost(firmware, 8, 8192);
    memory.put32(memory.get64(host.protocol()) + MODE, 24);
    assertEquals(EfiStatus.UNSUPPORTED, connect(host));
    assertEquals(List.of(), units());
  }

  @Test
  void targetsThatDifferInTheirLastByteAreTwo() {
    FakeScsiHost host = new FakeScsiHost(firmware, 1, 8192);
    host.unit(FakeScsiHost.target(5, 7), 0, null);
    host.unit(FakeScsiHost.target(5, 8), 2, new FakeScsiUnit());
    host.unit(FakeScsiHost.target(6, 8), 0, new FakeScsiUnit());
    assertEquals(EfiStatus.SUCCESS, connect(host));
    assertEquals(List.of("05..08/2", "06..08/0"), units(), "the first one's LUN 0 isn't there");
  }
}
