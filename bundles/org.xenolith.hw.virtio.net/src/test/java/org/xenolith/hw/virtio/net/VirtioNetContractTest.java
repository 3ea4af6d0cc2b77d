// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.net.api.StationPort;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.virtio.FunctionDriver;
import org.xenolith.testkit.virtio.VirtioFunctionContract;

class VirtioNetContractTest extends VirtioFunctionContract {
  @Override
  protected DeviceModelFactory factory() {
    return new VirtioNetComponent();
  }

  /** A frame arrives. */
  @Override
  protected void otherEnd(FakeContext context, RandomGenerator random) {
    byte[] frame = new byte[14 + random.nextInt(1500)];
    for (StationPort station : EthernetPort.of(context).stations()) {
      station.deliver(frame, 0, frame.length, 0, 0);
    }
  }

  @Override
  protected void assertWorks(FakeContext context, FunctionDriver driver) {
    byte[] frame = new byte[60];
    Arrays.fill(frame, (byte) 0x5A);
    driver.give(VirtioNet.RECEIVE, 0, 2000);
    EthernetPort.of(context).stations().getFirst().deliver(frame, 0, frame.length, 0, 0);
    assertEquals(VirtioNet.HEADER + 60, driver.queues[VirtioNet.RECEIVE].usedLength(0));
    byte[] received = driver.bytes(VirtioNet.RECEIVE, 0, VirtioNet.HEADER + 60);
    assertArrayEquals(frame, Arrays.copyOfRange(received, VirtioNet.HEADER, received.length));
    driver.put(VirtioNet.TRANSMIT, 0, received);
    driver.core.notified(VirtioNet.TRANSMIT);
    assertEquals(1, driver.queues[VirtioNet.TRANSMIT].usedIndex());
  }
}
