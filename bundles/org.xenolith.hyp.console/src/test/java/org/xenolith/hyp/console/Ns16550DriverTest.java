// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;

/** What the driver does with the registers of a 16550A. */
class Ns16550DriverTest {
  private static final long BASE = PhysicalBus.PORTS + 0x2F8;
  private final List<String> written = new ArrayList<>();
  private final Deque<Integer> queue = new ArrayDeque<>();
  private boolean room = true;
  private boolean gone;
  private final PhysicalBus bus = new PhysicalBus() {
    @Override
    public long read(long address, int size) {
      if (gone) {
        throw ExternalAbort.INSTANCE;
      }
      assertEquals(1, size);
      return switch ((int) (address - BASE)) {
        case 0 -> queue.remove();
        case 5 -> (queue.isEmpty() ? 0 : 1) | (room ? 0x60 : 0);
        default -> throw new AssertionError("register " + (address - BASE));
      };
    }

    @Override
    public void write(long address, int size, long value) {
      if (gone) {
        throw ExternalAbort.INSTANCE;
      }
      assertEquals(1, size);
      written.add("%d %x".formatted(address - BASE, value));
    }
  };
  private final UartDriver driver = new Ns16550Driver(bus, BASE);

  @Test
  void itIsSetUpForBytesAndAnInterruptOfWhatIsReceived() {
    driver.begin();
    assertEquals(List.of("3 3", "2 7", "4 b", "1 1"), written);
  }

  @Test
  void bytesAreSentAndReceived() {
    driver.send(0xFE);
    assertEquals(List.of("0 fe"), written);
    assertEquals(-1, driver.receive());
    queue.add(0xFF);
    queue.add(0x41);
    assertEquals(0xFF, driver.receive());
    assertEquals(0x41, driver.receive());
    assertEquals(-1, driver.receive());
    driver.acknowledge();
    assertEquals(1, written.size());
  }

  @Test
  void aFullQueueIsWaitedFor() {
    assertFalse(driver.full());
    room = false;
    assertTrue(driver.full());
  }

  /** Its status reads all ones then, which isn't a byte that was received. */
  @Test
  void oneThatWasTakenOutHasNothingAndIsNotFull() {
    gone = true;
    driver.begin();
    driver.send(1);
    assertEquals(-1, driver.receive());
    assertFalse(driver.full());
    assertEquals(List.of(), written);
  }
}
