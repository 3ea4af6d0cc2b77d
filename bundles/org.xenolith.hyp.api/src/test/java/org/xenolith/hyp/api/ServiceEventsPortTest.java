// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;

class ServiceEventsPortTest {
  private static final int LAST = 0x1FFFF;

  private final ServiceEventsPort ports = new ServiceEventsPort();
  private final List<Integer> heard = new ArrayList<>();
  private int wakes;

  @BeforeEach
  void count() {
    ports.onSignal(() -> wakes++);
  }

  private void listen(int... all) {
    for (int port : all) {
      ports.listen(port, () -> heard.add(port), null);
    }
  }

  @Test
  void eachListenerHearsOnceOfWhatIsPendingLowestPortFirst() {
    listen(3, LAST, 64);
    ports.signal(LAST);
    ports.signal(64);
    ports.signal(3);
    ports.signal(64);
    ports.signal(7);
    assertEquals(4, wakes, "a port that is pending already wakes nobody");
    ports.deliver();
    assertEquals(List.of(3, 64, LAST), heard);
    ports.deliver();
    assertEquals(3, heard.size());
  }

  @Test
  void whatIsSignalledMeanwhileComesWithTheNextDelivery() {
    ports.listen(5, () -> {
      heard.add(5);
      ports.signal(5);
    }, null);
    ports.signal(5);
    ports.deliver();
    assertEquals(List.of(5), heard);
    assertEquals(3, wakes, "the signal, the one meanwhile, and what is left at the end");
    ports.deliver();
    assertEquals(List.of(5, 5), heard);
  }

  @Test
  void forgottenPortHearsNothing() {
    listen(5);
    ports.signal(5);
    ports.forget(5);
    ports.deliver();
    listen(5);
    ports.deliver();
    assertEquals(List.of(), heard, "what was pending is forgotten, too");
  }

  @Test
  void portsThatNobodyCanHaveAreNone() {
    ports.signal(-1);
    ports.signal(LAST + 1);
    ports.forget(-38);
    ports.forget(LAST + 1);
    assertEquals(0, wakes);
    assertThrows(IllegalArgumentException.class, () -> listen(-38));
    assertThrows(IllegalArgumentException.class, () -> listen(LAST + 1));
  }

  @Test
  void pendingPortsAreStateEachInFourBytes() {
    ports.signal(0x12345);
    ports.signal(2);
    StateRecord record = ports.state().save();
    assertArrayEquals(new byte[] {0, 0, 0, 2, 0, 1, 0x23, 0x45}, (byte[]) record.values().get("pending"));
    ports.state().reset();
    listen(2, 0x12345);
    ports.deliver();
    assertEquals(List.of(), heard);
    ports.state().restore(record);
    ports.deliver();
    assertEquals(List.of(2, 0x12345), heard);
    StateRecord wrong = new StateRecord();
    wrong.put("pending", new byte[] {-1, 0, 0, 0});
    wrong.put("offers", new byte[0]);
    assertThrows(StateMismatch.class, () -> ports.state().restore(wrong));
  }
}
