// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pl011;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.SerialIoContract;

/** The line of a PL011. */
class Pl011LineTest extends SerialIoContract {
  private record Uart(FakeFirmware firmware, Pl011SerialLayerTest bench, long protocol) implements Line {
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
    Pl011SerialLayerTest bench = new Pl011SerialLayerTest();
    FakeFirmware firmware = bench.firmware;
    firmware.registers(bench::access);
    bench.layer.begin(firmware);
    long handle = firmware.handles().handles(Pl011SerialLayer.PL011).getFirst();
    assertEquals(0, firmware.connect(bench.layer, handle));
    return new Uart(firmware, bench, firmware.handles().find(handle, Protocol.SERIAL_IO));
  }
}
