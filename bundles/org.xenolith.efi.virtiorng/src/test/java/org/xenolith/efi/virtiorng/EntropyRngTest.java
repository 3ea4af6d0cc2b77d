// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtiorng;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeVirtioDevice;
import org.xenolith.testkit.efi.RngContract;

/** The driver's protocol keeps the contract, on a device that gives 1000 bytes at most at a time. */
class EntropyRngTest extends RngContract {
  private static final int MOST = 1000;

  @Override
  protected Generator generator() {
    FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    EntropyLayer layer = new EntropyLayer();
    layer.begin(firmware);
    FakeVirtioDevice device = new FakeVirtioDevice(firmware, 4, new byte[0]);
    Random random = new Random(1);
    boolean[] failing = {false};
    device.serve((queue, buffers) -> {
      byte[] bytes = new byte[failing[0] ? 0 : Math.min(MOST, buffers.getFirst().length())];
      random.nextBytes(bytes);
      firmware.memory().write(buffers.getFirst().address(), bytes);
      return bytes.length;
    });
    assertEquals(0, firmware.connect(layer, device.handle()));
    long protocol = firmware.handles().find(device.handle(), Protocol.RNG);
    return new Generator() {
      @Override
      public FakeFirmware firmware() {
        return firmware;
      }

      @Override
      public long protocol() {
        return protocol;
      }

      @Override
      public void fails() {
        failing[0] = true;
      }
    };
  }
}
