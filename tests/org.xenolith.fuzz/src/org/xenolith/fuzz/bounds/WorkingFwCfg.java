// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import org.xenolith.firmware.api.FwCfgPort;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** fw_cfg with a small item and a large one: requests by DMA of any length. */
@DeviceNumber(0)
final class WorkingFwCfg extends WorkingDevice {
  private static final long DMA = 0x10;

  WorkingFwCfg() {
    super("fw_cfg", (2 << 20) / UNIT);
    context = new FakeContext(FakeNode.at("/fw-cfg@9020000").compatible("qemu,fw-cfg-mmio").window(0x902_0000, 0x18).build());
    make(context, "hw.fwcfg.FwCfgComponent");
    FwCfgPort port = context.port(FwCfgPort.class);
    port.file("large", new byte[3 << 20]);
    port.file("small", new byte[300]);
  }

  @Override
  void step(InputBytes input) {
    int kind = input.next();
    if ((kind & 0xF) == 0xF) {
      context.write(0, input.next() & 0x10, 8, input.next(8));
      return;
    }
    // Control: read 2, skip 4, select 8, write 16.
    memory.put(0x1000, 4, Integer.toUnsignedLong(Integer.reverseBytes((0x20 + (kind >> 6)) << 16 | kind & 0x1E)));
    memory.put(0x1004, 4, Integer.toUnsignedLong(Integer.reverseBytes((int) length(input))));
    memory.put(0x1008, 8, Long.reverseBytes(input.next(4) << 4 | 0x2000));
    context.write(0, DMA, 8, Long.reverseBytes(0x1000));
  }
}
