// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.ns16550;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.SerialIoContract;

/** The line of an NS16550. */
class Ns16550LineTest extends SerialIoContract {
  private record Uart(FakeFirmware firmware, Ns16550SerialLayerTest bench, long protocol) implements Line {
    @Override
    public String sent() {
      return bench.sent.toString();
    }

    @Override
    public void comes(String text) {
      text.chars().forEach(bench.come::add);
    }
  }

  @Override
  protected Line line() {
    Ns16550SerialLayerTest bench = new Ns16550SerialLayerTest();
    FakeFirmware firmware = Ns16550SerialLayerTest.firmware(Ns16550SerialLayerTest.uart());
    firmware.registers(access -> bench.access(access, 0, 1));
    bench.layer.begin(firmware);
    long handle = firmware.handles().handles(Ns16550SerialLayer.NS16550).getFirst();
    assertEquals(0, firmware.connect(bench.layer, handle));
    return new Uart(firmware, bench, firmware.handles().find(handle, Protocol.SERIAL_IO));
  }
}
