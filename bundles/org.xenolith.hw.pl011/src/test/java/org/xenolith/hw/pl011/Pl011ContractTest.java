// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl011;

import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.xenolith.console.api.SerialPort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class Pl011ContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new Pl011Component();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/pl011@9000000").compatible("arm,pl011", "arm,primecell").window(0x900_0000, 0x1000)
        .interrupt("/intc", 0, 1, 4).build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(Pl011Register.values());
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    byte[] typed = new byte[random.nextInt(20)];
    random.nextBytes(typed);
    context.port(SerialPort.class).offer(typed);
  }

  /** A read takes a byte from the FIFO, and with it the errors that came with it. */
  @Override
  protected Set<? extends Register> actingReads() {
    return Set.of(Pl011Register.UARTDR);
  }

  /** Arm DDI 0183G, table 3-1; divisors, line control and control as firmware leaves them, IrDA and DMA not built. */
  @Override
  protected String manual() {
    return """
        000 UARTDR        0   0
        004 UARTRSR       0   0
        018 UARTFR        90  0
        020 UARTILPR      0   ff
        024 UARTIBRD      d   ffff
        028 UARTFBRD      1   3f
        02c UARTLCR_H     70  ff
        030 UARTCR        301 ff81
        034 UARTIFLS      12  3f
        038 UARTIMSC      0   7ff
        03c UARTRIS       0   0
        040 UARTMIS       0   0
        044 UARTICR       0   0     # only written
        048 UARTDMACR     0   0
        fe0 UARTPeriphID0 11  0
        fe4 UARTPeriphID1 10  0
        fe8 UARTPeriphID2 14  0     # r1p3
        fec UARTPeriphID3 0   0
        ff0 UARTPCellID0  0d  0
        ff4 UARTPCellID1  f0  0
        ff8 UARTPCellID2  05  0
        ffc UARTPCellID3  b1  0
        """;
  }
}
