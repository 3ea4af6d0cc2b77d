// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import org.xenolith.console.api.SerialPort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.virtio.FunctionDriver;
import org.xenolith.testkit.virtio.VirtioFunctionContract;

class VirtioConsoleContractTest extends VirtioFunctionContract {
  @Override
  protected DeviceModelFactory factory() {
    return new VirtioConsoleComponent();
  }

  /** Keys. */
  @Override
  protected void otherEnd(FakeContext context, RandomGenerator random) {
    context.port(SerialPort.class).offer(new byte[random.nextInt(20)]);
  }

  @Override
  protected void assertWorks(FakeContext context, FunctionDriver driver) {
    StringBuilder out = new StringBuilder();
    context.port(SerialPort.class).connect(b -> out.append((char) b));
    driver.put(VirtioConsole.TRANSMIT, 0, "still here".getBytes(StandardCharsets.US_ASCII));
    driver.core.notified(VirtioConsole.TRANSMIT);
    assertEquals("still here", out.toString());
  }
}
