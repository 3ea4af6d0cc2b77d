// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeScsiHost;
import org.xenolith.testkit.efi.FakeScsiUnit;
import org.xenolith.testkit.efi.ScsiIoContract;

/** The driver's protocol keeps the contract, behind a host that wants its data aligned. */
class ScsiUnitTest extends ScsiIoContract {
  private static final int ALIGNED = 8;
  private static final int MOST = 8192;
  private static final byte[] TARGET = FakeScsiHost.target(5, 7);
  private static final long LUN = 1L << 40 | 2;

  private static final class Unit implements Device {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final FakeScsiHost host = new FakeScsiHost(firmware, ALIGNED, MOST);
    private final FakeScsiUnit unit = new FakeScsiUnit();
    private final long protocol;

    Unit() {
      host.unit(TARGET, 0, new FakeScsiUnit());
      host.unit(TARGET, LUN, unit);
      firmware.service(BootService.ALLOCATE_POOL, call -> {
        firmware.memory().put64(call.argument(2), firmware.room((int) call.argument(1)));
        return EfiStep.done();
      });
      firmware.service(BootService.FREE_POOL, call -> EfiStep.done());
      ScsiBusLayer layer = new ScsiBusLayer();
      layer.begin(firmware);
      assertEquals(0, firmware.connect(layer, firmware.handles().install(0, Protocol.EXT_SCSI_PASS_THRU, host.protocol())));
      List<Long> units = firmware.handles().handles(Protocol.SCSI_IO);
      assertEquals(2, units.size());
      protocol = firmware.handles().find(units.getLast(), Protocol.SCSI_IO);
    }

    @Override
    public FakeFirmware firmware() {
      return firmware;
    }

    @Override
    public long protocol() {
      return protocol;
    }

    @Override
    public FakeScsiUnit unit() {
      return unit;
    }

    @Override
    public FakeScsiHost host() {
      return host;
    }

    @Override
    public byte[] target() {
      return TARGET;
    }

    @Override
    public long lun() {
      return LUN;
    }

    @Override
    public int type() {
      return unit.gives(1)[0] & 0x1F;
    }

    @Override
    public int most() {
      return MOST;
    }
  }

  @Override
  protected Device device() {
    return new Unit();
  }
}
