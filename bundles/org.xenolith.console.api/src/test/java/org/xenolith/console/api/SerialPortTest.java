// SPDX-License-Identifier: EPL-2.0
package org.xenolith.console.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.LinkFault;

class SerialPortTest {
  private final SerialPort port = new SerialPort();
  private final List<String> told = new ArrayList<>();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private String receive() {
    StringBuilder text = new StringBuilder();
    for (int b = port.receive(); b >= 0; b = port.receive()) {
      text.append((char) b);
    }
    return text.toString();
  }

  @Test
  void whatTheGuestHasNotReadIsWhatWaitsAndWhatItsModelHolds() {
    port.offer(bytes("hello"));
    assertEquals(5, port.unread());
    int[] held = {0};
    port.holds(() -> held[0]);
    port.receive();
    held[0] = 1;
    assertEquals(5, port.unread(), "the model has it, the guest doesn't");
    held[0] = 0;
    assertEquals(4, port.unread());
  }

  @Test
  void withoutAModelAndWithoutAnOutsideNothingIsLostThatCanWait() {
    port.transmit('x'); // nobody listens outside: gone, as on a line that isn't connected
    assertEquals(2, port.offer(bytes("hi")));
    assertEquals(2, port.waiting());
    port.onInput(() -> told.add("input"));
    assertEquals("hi", receive());
    assertEquals(-1, port.receive());
    assertEquals(List.of(), told, "what waited is found by looking");
  }

  @Test
  void whatTheGuestSendsGoesOutAtOnceAsABytesValue() {
    List<Integer> out = new ArrayList<>();
    port.connect(out::add);
    port.transmit('a');
    port.transmit(0x1ff);
    assertEquals(List.of(97, 255), out);
  }

  /** The outside keeps what doesn't fit, and offers it again. */
  @Test
  void asMuchIsTakenAsThereIsRoomFor() {
    port.onInput(() -> told.add("input"));
    assertEquals(SerialPort.CAPACITY, port.offer(new byte[SerialPort.CAPACITY + 1]));
    assertEquals(0, port.offer(bytes("x")));
    assertEquals(List.of("input"), told, "nothing arrived the second time");
    port.receive();
    assertEquals(1, port.offer(bytes("xy")));
  }

  @Test
  void laterVersionOfTheModelTakesWhatTheEarlierOneLeft() {
    port.onInput(() -> told.add("old"));
    port.offer(bytes("ab"));
    assertEquals('a', port.receive());
    port.onInput(() -> told.add("new"));
    port.offer(bytes("c"));
    assertEquals(List.of("old", "new"), told);
    assertEquals("bc", receive());
  }

  @Test
  void waitingBytesAreSavedAndRestored() {
    port.offer(bytes("\u00ffbc"));
    port.receive();
    SerialPort other = new SerialPort();
    other.offer(bytes("lost"));
    other.state().restore(port.state().save());
    assertEquals('b', other.receive());
    assertEquals('c', other.receive());
    assertEquals(-1, other.receive());
    assertFalse(port.ofTheHost(), "a guest can come to see it: it is in the digest");
  }

  @Test
  void modelThatNeverSaysSoAlwaysListens() {
    assertTrue(port.listening());
    port.onListening(() -> told.add("listens"));
    port.listens();
    assertEquals(List.of(), told);
  }

  @Test
  void outsideIsToldEachTimeTheGuestBeginsToListen() {
    port.onListening(() -> told.add("listens"));
    port.deaf();
    assertFalse(port.listening());
    port.listens();
    port.listens();
    port.deaf(); // a reset
    port.listens();
    assertEquals(List.of("listens", "listens"), told);
    assertTrue(port.listening());
  }

  @Test
  void aLineThatLosesBytesLosesThemBothWays() {
    List<Integer> out = new ArrayList<>();
    port.connect(out::add);
    int[] passed = new int[1];
    LinkFault lossy = new LinkFault() {
      @Override
      public boolean down() {
        return false;
      }

      @Override
      public boolean loses() {
        passed[0]++;
        return passed[0] % 2 == 0;
      }
    };
    assertFalse(port.link("/other", false, lossy), "the line of another device");
    port.transmit('a');
    port.transmit('b');
    assertTrue(port.link("/uart", true, lossy));
    port.transmit('c');
    port.transmit('d');
    port.transmit('e');
    assertEquals(List.of(97, 98, 99, 101), out);
    assertEquals(4, port.offer(bytes("wxyz")), "what is lost is not offered again");
    assertEquals("xz", receive());
    assertTrue(port.link("/uart", true, null));
    assertEquals(2, port.offer(bytes("ok")));
    assertEquals("ok", receive());
  }
}
