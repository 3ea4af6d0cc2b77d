// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenconsole;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.SerialIoContract;

/** The line of a domain's console. */
class XenConsoleLineTest extends SerialIoContract {
  private record Uart(FakeFirmware firmware, XenConsoleLayerTest bench, long protocol) implements Line {
    @Override
    public String sent() {
      return bench.shown.toString();
    }

    @Override
    public void comes(String text) {
      EfiRam memory = firmware.memory();
      long at = memory.get32(bench.ring + XenConsoleLayer.IN_PROD);
      for (int i = 0; i < text.length(); i++) {
        memory.put8(bench.ring + (at + i) % XenConsoleLayer.IN_SIZE, text.charAt(i));
      }
      memory.put32(bench.ring + XenConsoleLayer.IN_PROD, at + text.length());
    }
  }

  @Override
  protected Line line() {
    XenConsoleLayerTest bench = new XenConsoleLayerTest();
    FakeFirmware firmware = bench.firmware;
    bench.hardware();
    bench.layer.begin(firmware);
    long handle = firmware.handles().handles(XenConsoleLayer.CONSOLE).getFirst();
    assertEquals(0, firmware.connect(bench.layer, handle));
    return new Uart(firmware, bench, firmware.handles().find(handle, Protocol.SERIAL_IO));
  }
}
