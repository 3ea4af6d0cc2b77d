// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.rng;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.virtio.FunctionDriver;
import org.xenolith.testkit.virtio.VirtioFunctionContract;

class VirtioRngContractTest extends VirtioFunctionContract {
  private static final int BYTES = 64;

  @Override
  protected DeviceModelFactory factory() {
    return new VirtioRngComponent();
  }

  @Override
  protected void assertWorks(FakeContext context, FunctionDriver driver) {
    driver.give(0, 0, BYTES);
    driver.core.notified(0);
    assertEquals(BYTES, driver.queues[0].usedLength(0));
    assertFalse(Arrays.equals(new byte[BYTES], driver.bytes(0, 0, BYTES)), "nothing but zeros");
  }
}
