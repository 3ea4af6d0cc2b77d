// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeapWatchTest {
  private boolean none = true;
  private final HeapWatch watch = new HeapWatch(size -> {
    if (none) {
      throw new OutOfMemoryError();
    }
    return size;
  });

  @Test
  void aHeapThatStaysFullIsFull() {
    assertFalse(watch.full());
    assertFalse(watch.full());
    assertFalse(watch.full());
    assertTrue(watch.full());
  }

  @Test
  void oneThatHasRoomInBetweenIsNot() {
    for (int i = 0; i < 12; i++) {
      none = i % 4 != 3;
      assertFalse(watch.full());
    }
  }

  /** Two threads have all of the heap and swallow each error: a signal's handler finds no memory for its thread. */
  static final class Hoard {
    private static final byte[] WORD = "full\n".getBytes(StandardCharsets.US_ASCII);

    private Hoard() {}

    public static void main(String[] arguments) {
      WayOut.ofThisProcess();
      for (int i = 0; i < 2; i++) {
        new Thread(Hoard::fill).start();
      }
    }

    private static void fill() {
      FileOutputStream out = new FileOutputStream(FileDescriptor.out);
      Object[] all = new Object[1 << 16];
      int size = 1 << 20;
      boolean told = false;
      for (int i = 0;;) {
        try {
          all[i] = new byte[size];
          i = (i + 1) % all.length;
        } catch (OutOfMemoryError none) {
          if (size > 16) {
            size /= 2;
          } else if (!told) {
            told = true;
            tell(out);
          }
        }
      }
    }

    private static void tell(FileOutputStream out) {
      try {
        out.write(WORD);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void aSignalToAProcessWithoutHeapIsFollowedByItsEnd() throws Exception {
    String path = System.getProperty("java.class.path");
    Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xmx64m", "-cp", path, Hoard.class.getName()).redirectErrorStream(true).start();
    try (var words = process.inputReader()) {
      assertEquals("full", words.readLine());
      process.toHandle().destroy();
      StringBuilder said = new StringBuilder();
      words.lines().forEach(line -> said.append(line).append('\n'));
      assertTrue(process.waitFor(1, TimeUnit.MINUTES));
      assertTrue(said.toString().contains("the heap is full"), said.toString());
      assertEquals(Launch.INTERNAL_FAULT, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }
}
