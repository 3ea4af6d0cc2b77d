// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MemoryShareTest {
  private static final long MEBIBYTE = 1 << 20;

  @Test
  void aMachineWaitsForWhatAnotherHasUntilItsTestIsOver() throws Exception {
    MemoryShare share = new MemoryShare(100, 1);
    AutoCloseable first = share.take(60 * MEBIBYTE);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    Thread waiting = Thread.ofPlatform().daemon().start(() -> {
      begun.countDown();
      share.take(60 * MEBIBYTE);
      second.countDown();
    });
    assertTrue(begun.await(10, TimeUnit.SECONDS));
    assertFalse(second.await(50, TimeUnit.MILLISECONDS));
    first.close();
    assertTrue(second.await(10, TimeUnit.SECONDS));
    waiting.join();
  }

  @Test
  void aMachineThatIsLargerThanAllThereIsRunsAlone() throws Exception {
    MemoryShare share = new MemoryShare(100, 0);
    AutoCloseable all = share.take(1000 * MEBIBYTE);
    String says = assertThrows(IllegalStateException.class, () -> share.take(1)).getMessage();
    assertTrue(says.contains("100 MiB in all") && says.contains("-Dxenolith.junit.memory=MIB"), says);
    all.close();
    share.take(100 * MEBIBYTE).close();
  }
}
