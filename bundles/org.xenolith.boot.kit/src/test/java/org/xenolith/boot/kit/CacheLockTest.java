// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheLockTest {
  @TempDir
  Path folder;

  @Test
  void theSecondWaitsAndIsToldSoOnce() throws Exception {
    Path file = folder.resolve("a/lock");
    List<String> told = new CopyOnWriteArrayList<>();
    CountDownLatch waits = new CountDownLatch(1);
    AtomicBoolean in = new AtomicBoolean();
    Thread second;
    try (CacheLock first = CacheLock.acquire(file, line -> told.add("first: " + line))) {
      second = Thread.ofPlatform().start(() -> {
        try (CacheLock lock = CacheLock.acquire(file, line -> {
          told.add(line);
          waits.countDown();
        })) {
          in.set(true);
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      });
      assertTrue(waits.await(30, TimeUnit.SECONDS), "the second is not told that it waits");
      // Long enough for some looks at it.
      Thread.sleep(200);
      assertFalse(in.get(), "both have it");
    }
    second.join(30_000);
    assertTrue(in.get(), "nobody let the second in");
    assertEquals(List.of("waiting for another start that is using the cache (" + file + ")"), told);
  }
}
