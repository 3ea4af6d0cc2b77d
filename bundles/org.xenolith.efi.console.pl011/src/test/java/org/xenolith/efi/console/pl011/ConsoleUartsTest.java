// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.console.pl011;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** UARTs are on when a kernel finds them. */
class ConsoleUartsTest {
  private final List<String> writes = new ArrayList<>();
  private final Map<Long, Long> registers = new HashMap<>(Map.of(0x900_0030L, 0x300L, 0x904_0030L, 0xC301L));
  private final FakeContext context = new FakeContext(FakeNode.at(FirmwareNode.PATH).compatible(FirmwareNode.COMPATIBLE).build()).beside(
      FakeNode.at("/pl011@9000000").compatible("arm,pl011", "arm,primecell").window(0x900_0000, 0x1000).build(),
      FakeNode.at("/pl011@9040000").compatible("arm,pl011", "arm,primecell").window(0x904_0000, 0x1000).build(),
      FakeNode.at("/pl011@9080000").compatible("arm,sbsa-uart").window(0x908_0000, 0x1000).build(),
      FakeNode.at("/serial@a000000").compatible("ns16550a").window(0xA00_0000, 0x1000).build());

  @Test
  void uartsThatAreOffAreEnabledOnceAtPowerOn() {
    context.physical(cpu -> new PhysicalBus() {
      @Override
      public long read(long address, int size) {
        Long value = registers.get(address);
        if (value == null) {
          throw ExternalAbort.INSTANCE;
        }
        return value;
      }

      @Override
      public void write(long address, int size, long value) {
        writes.add(Long.toHexString(address) + "=" + Long.toHexString(value));
        registers.put(address, value);
      }
    });
    DeviceModel model = new ConsoleUartComponent().create(context);
    assertEquals(List.of(), writes, "another version takes over without");
    model.reset();
    assertEquals(List.of("900002c=70", "9000030=301"), writes, "nobody answers at the third");
    model.reset();
    assertEquals(2, writes.size());
  }
}
