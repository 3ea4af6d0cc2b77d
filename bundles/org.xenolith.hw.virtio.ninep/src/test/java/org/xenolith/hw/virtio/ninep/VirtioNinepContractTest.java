// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.ninep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.share.api.SharePort;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.virtio.DriverQueue;
import org.xenolith.testkit.virtio.FunctionDriver;
import org.xenolith.testkit.virtio.VirtioFunctionContract;

class VirtioNinepContractTest extends VirtioFunctionContract {
  @Override
  protected DeviceModelFactory factory() {
    return new VirtioNinepComponent();
  }

  /** An answer to what was asked before a reset must find nobody. */
  @Override
  protected Set<String> onBattery() {
    return Set.of("request-last");
  }

  /** Answers of any content, to requests that there are and others. */
  @Override
  protected void otherEnd(FakeContext context, RandomGenerator random) {
    SharePort port = context.port(SharePort.class);
    long[] pending = port.pending();
    long id = pending.length > 0 && random.nextBoolean() ? pending[random.nextInt(pending.length)] : random.nextInt(8);
    byte[] answer = new byte[7 + random.nextInt(5000)];
    new Random(random.nextLong()).nextBytes(answer);
    port.bring(SharePort.input(id, answer));
  }

  @Override
  protected void assertWorks(FakeContext context, FunctionDriver driver) {
    byte[] request = {11, 0, 0, 0, 120, 5, 0, 9, 0, 0, 0};
    byte[] answer = {7, 0, 0, 0, 121, 5, 0};
    context.dma().write(FunctionDriver.buffer(0, 0), request, 0, request.length);
    driver.queues[0].describe(0, FunctionDriver.buffer(0, 0), request.length, DriverQueue.NEXT, 1);
    driver.queues[0].describe(1, FunctionDriver.buffer(0, 1), 64, DriverQueue.WRITE, 0).offer(0);
    driver.core.notified(0);
    SharePort port = context.port(SharePort.class);
    assertEquals(1, port.pending().length);
    port.bring(SharePort.input(port.pending()[0], answer));
    assertEquals(answer.length, driver.queues[0].usedLength(0));
    assertArrayEquals(answer, driver.bytes(0, 1, answer.length));
  }
}
