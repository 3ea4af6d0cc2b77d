// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What a command's data takes of the host, counted in bytes. */
class HostDataTest {
  private static final int MANY = 100;

  @Test
  void controllersThatNobodyUsesTakeLittle() {
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    HostData[] all = new HostData[MANY];
    long before = thread.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < MANY; i++) {
      all[i] = new HostData(null, () -> HostData.PAGE, null, "nvme");
    }
    long each = (thread.getCurrentThreadAllocatedBytes() - before) / MANY;
    assertTrue(each < 4096, each + " bytes each");
  }

  @Test
  void roomIsAsMuchAsTheLargestCommandNeeded() {
    HostData data = new HostData(null, () -> HostData.PAGE, null, "nvme");
    assertEquals(4096, data.bytes(1).length);
    assertEquals(8192, data.bytes(4097).length);
    assertEquals(8192, data.bytes(512).length);
    assertEquals(HostData.MOST, data.bytes(HostData.MOST).length);
    data.bytes(8)[3] = 1;
    assertEquals(0, data.blank(4).get(3));
  }
}
