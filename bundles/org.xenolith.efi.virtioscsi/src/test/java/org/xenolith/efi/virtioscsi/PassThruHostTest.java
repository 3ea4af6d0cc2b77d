// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtioscsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.ExtScsiPassThruContract;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeRam;
import org.xenolith.testkit.efi.FakeScsiHost;
import org.xenolith.testkit.efi.FakeScsiUnit;
import org.xenolith.testkit.efi.FakeVirtioDevice;
import org.xenolith.testkit.efi.FakeVirtioDevice.Buffer;
import org.xenolith.testkit.efi.FakeVirtioDevice.Lie;

/** The driver's protocol keeps the contract, on a device of 64 targets with a unit at target 3, LUN 5, that is told of memory only. */
class PassThruHostTest extends ExtScsiPassThruContract {
  private static final int MOST_SECTORS = 64;
  private static final int TARGET = 3;
  private static final int LUN = 5;
  private static final int COMMAND_AT = 19;
  private static final int NOBODY = 3;
  private static final int RESPONSE = 108;
  private static final int SENSE_AT = 12;

  private static final class Device implements Host {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final EfiRam memory = firmware.memory();
    private final FakeScsiUnit unit = new FakeScsiUnit();
    private final FakeVirtioDevice device = new FakeVirtioDevice(firmware, 8, FakeVirtioDevice.configuration(1, 126, MOST_SECTORS, 1, 16,
        96, 32, 63 << 16, 16383));
    private final long protocol;

    Device() {
      PassThruLayer layer = new PassThruLayer();
      layer.begin(firmware);
      device.serve((queue, buffers) -> serve(buffers));
      assertEquals(0, firmware.connect(layer, device.handle()));
      protocol = firmware.handles().find(device.handle(), Protocol.EXT_SCSI_PASS_THRU);
    }

    /** A request: its header, data that goes out, a response, data that comes in (Virtio 1.2, 5.6.6.1). */
    private int serve(List<Buffer> buffers) {
      for (Buffer each : buffers) {
        assertTrue(each.length() > 0 && each.address() >= FakeRam.BASE && each.address() + each.length() <= FakeRam.BASE + FakeRam.SIZE,
            () -> "the device was told to go to " + each);
      }
      byte[] request = memory.read(buffers.getFirst().address(), buffers.getFirst().length());
      int outs = (int) buffers.stream().filter(each -> !each.writes()).count();
      byte[] out = outs == 1 ? new byte[0] : memory.read(buffers.get(1).address(), buffers.get(1).length());
      long response = buffers.get(outs).address();
      Buffer in = buffers.size() > outs + 1 ? buffers.get(outs + 1) : new Buffer(0, 0, true);
      memory.clear(response, RESPONSE);
      if (request[1] != TARGET || (request[2] & 0x3F) != 0 || request[3] != LUN) {
        memory.put8(response + 11, NOBODY);
        return RESPONSE;
      }
      FakeScsiUnit.Answer answer = unit.execute(Arrays.copyOfRange(request, COMMAND_AT, request.length), out, in.length());
      byte[] sense = Arrays.copyOf(answer.sense(), Math.min(RESPONSE - SENSE_AT, answer.sense().length));
      memory.put32(response, sense.length);
      memory.put32(response + 4, out.length + in.length() - answer.moved());
      memory.put8(response + 10, answer.status());
      memory.write(response + SENSE_AT, sense);
      if (in.length() != 0) {
        memory.write(in.address(), answer.data());
      }
      return RESPONSE + answer.data().length;
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
    public byte[] target() {
      return FakeScsiHost.target(TARGET, 0);
    }

    @Override
    public long lun() {
      return LUN;
    }

    @Override
    public byte[] absent() {
      return FakeScsiHost.target(TARGET + 1, 0);
    }

    @Override
    public int most() {
      return MOST_SECTORS * 512;
    }

    @Override
    public byte[] stranger() {
      return new byte[] {3, 2, 8, 0, 64, 0, 0, 0};
    }

    @Override
    public void fails() {
      device.lie(Lie.ENTRY);
    }
  }

  @Override
  protected Host host() {
    return new Device();
  }
}
