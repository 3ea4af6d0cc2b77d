// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ns16550;

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

/** With a spacing of four bytes the window is laid out as the table. */
class Ns16550ContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new Ns16550Component();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/serial@1c020000").compatible("ns16550a").window(0x1C02_0000, 0x1000).cells("reg-shift", 2)
        .interrupt("/intc", 0, 0x4C, 4).build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(Ns16550Register.values()).subList(0, 8);
  }

  /** FIFO control reads as interrupt identification. */
  @Override
  protected Set<? extends Register> computed() {
    return Set.of(Ns16550Register.IIR_FCR);
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    byte[] typed = new byte[random.nextInt(20)];
    random.nextBytes(typed);
    context.port(SerialPort.class).offer(typed);
  }

  /** A read takes a byte from the FIFO, an interrupt away, the overrun and the changes of lines. */
  @Override
  protected Set<? extends Register> actingReads() {
    return Set.of(Ns16550Register.RBR_THR, Ns16550Register.IIR_FCR, Ns16550Register.LSR, Ns16550Register.MSR);
  }

  /** PC16550D, table II, a word apart; the modem is connected. */
  @Override
  protected String manual() {
    return """
        00 RBR_THR 0  0
        04 IER     0  0f
        08 IIR_FCR 1  0
        0c LCR     0  ff
        10 MCR     0  1f
        14 LSR     60 0
        18 MSR     b0 0
        1c SCR     0  ff
        """;
  }
}
