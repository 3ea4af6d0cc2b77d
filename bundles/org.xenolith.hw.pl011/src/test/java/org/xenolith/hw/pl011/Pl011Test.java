// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl011;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.console.api.SerialPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.RecordedAccess;

class Pl011Test {
  private static final int DR = 0x0;
  private static final int FR = 0x18;
  private static final int IBRD = 0x24;
  private static final int FBRD = 0x28;
  private static final int LCR_H = 0x2C;
  private static final int CR = 0x30;
  private static final int IFLS = 0x34;
  private static final int IMSC = 0x38;
  private static final int RIS = 0x3C;
  private static final int MIS = 0x40;
  private static final int ICR = 0x44;
  private static final int RX = 0x10;
  private static final int TX = 0x20;
  private static final int RT = 0x40;

  private final FakeContext context = new FakeContext(FakeNode.at("/pl011@9000000").compatible("arm,pl011", "arm,primecell")
      .window(0x900_0000, 0x1000).interrupt("/intc", 0, 1, 4).build());
  private final StringBuilder sent = new StringBuilder();
  private DeviceModel model;
  private SerialPort port;

  @BeforeEach
  void start() {
    model = context.create(new Pl011Component());
    port = context.port(SerialPort.class);
    port.connect(b -> sent.append((char) b));
  }

  private void enable() {
    context.write(LCR_H, 0x70);
    context.write(CR, 0x301);
  }

  private void type(String text) {
    assertEquals(text.length(), port.offer(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private boolean line() {
    return context.interrupt(0).level();
  }

  @Test
  void bootReadsWhatQemuReadAndPrintsTheMarker() {
    // QEMU begins with a UART that is off.
    context.write(CR, 0x300);
    for (RecordedAccess access : RecordedAccess.read(Pl011Test.class, "boot.txt")) {
      long offset = access.address() & 0xFFF;
      if (access.write()) {
        context.write(0, offset, access.size(), access.value());
      } else {
        assertEquals(access.value(), context.read(0, offset, access.size()), access.toString());
      }
    }
    assertEquals(List.of(), context.reportedFaults());
    assertTrue(sent.toString().contains("XENOLITH-MARKER up="), sent.toString());
    assertTrue(sent.toString().endsWith("reboot: Power down\r\n"), sent.toString());
  }

  @Test
  void transmitInterruptFollowsEachCharacter() {
    enable();
    context.write(IMSC, TX);
    assertFalse(line(), "nothing sent yet");
    context.write(DR, 'a');
    assertEquals("a", sent.toString());
    assertTrue(line());
    assertEquals(TX, context.read(MIS));
    context.write(ICR, TX);
    assertFalse(line());
    context.write(DR, 'b');
    context.write(IMSC, 0);
    assertFalse(line());
    assertEquals(TX, context.read(RIS));
  }

  @Test
  void receiveInterruptComesAtTheTriggerLevel() {
    enable();
    context.write(IMSC, RX);
    type("1234567");
    assertFalse(line());
    type("8");
    assertTrue(line());
    assertEquals('1', context.read(DR));
    assertFalse(line(), "below the level again");
    context.write(IFLS, 0x02);
    type("9");
    assertTrue(line(), "level 2 of 16");
  }

  @Test
  void timeoutDeliversWhatStaysBelowTheLevel() {
    enable();
    context.write(IMSC, RX | RT);
    type("x");
    assertFalse(line());
    context.clock().advance(277_000);
    assertFalse(line(), "32 bits at 115,200 baud are 277.8 µs");
    context.clock().advance(1_000);
    assertTrue(line());
    assertEquals(RT, context.read(MIS));
    assertEquals('x', context.read(DR));
    assertFalse(line(), "the FIFO is empty");
    context.write(0x24, 39);
    context.write(0x28, 4);
    type("y");
    context.clock().advance(832_000);
    assertFalse(line(), "32 bits at 38,400 baud are 833 µs");
    context.clock().advance(2_000);
    assertTrue(line());
    context.write(ICR, RT);
    assertFalse(line());
    context.clock().advance(834_000);
    assertTrue(line(), "no character is forgotten");
  }

  @Test
  void nothingIsLostBehindAFullFifo() {
    enable();
    type("0123456789abcdefghijklmnopqrstuvwxyz");
    assertEquals(0x40, context.read(FR) & 0x50);
    assertEquals(20, port.waiting());
    StringBuilder got = new StringBuilder();
    while ((context.read(FR) & 0x10) == 0) {
      got.append((char) context.read(DR));
    }
    assertEquals("0123456789abcdefghijklmnopqrstuvwxyz", got.toString());
    assertEquals(0, context.read(DR));
  }

  @Test
  void withoutFifosOneCharacterAtATime() {
    context.write(LCR_H, 0x60);
    context.write(IMSC, RX);
    type("ab");
    assertTrue(line());
    assertEquals(0x40, context.read(FR) & 0x50);
    assertEquals(1, port.waiting());
    assertEquals('a', context.read(DR));
    assertTrue(line());
    assertEquals('b', context.read(DR));
    assertFalse(line());
  }

  /** Programs that set nothing up, such as a first one on bare metal, speak and hear. */
  @Test
  void beginsAsFirmwareLeavesItInBothDirections() {
    assertEquals(0x301, context.read(CR), "on, transmitter, receiver");
    assertEquals(0x70, context.read(LCR_H), "8 bits, no parity, FIFOs");
    assertEquals(24_000_000, 115_200 * (context.read(IBRD) * 64 + context.read(FBRD)) / 4, 24_000_000 / 1000, "115,200 baud");
    context.write(DR, '?');
    assertEquals("?", sent.toString());
    type("k");
    assertEquals(0, context.read(FR) & 0x10);
    assertEquals('k', context.read(DR));
    context.write(CR, 0);
    model.reset();
    type("k");
    assertEquals('k', context.read(DR));
  }

  @Test
  void charactersWaitUntilTheReceiverIsEnabled() {
    context.write(CR, 0x300);
    type("early");
    assertEquals(0x90, context.read(FR));
    enable();
    assertEquals('e', context.read(DR));
  }

  @Test
  void loopbackReturnsCharactersAndOverruns() {
    enable();
    context.write(CR, 0x381);
    for (int i = 0; i < 17; i++) {
      context.write(DR, 'A' + i);
    }
    assertEquals("", sent.toString());
    assertEquals(0x400, context.read(RIS) & 0x400);
    assertEquals(8, context.read(4));
    context.write(4, 0);
    assertEquals(0, context.read(4));
    assertEquals('A', context.read(DR));
  }

  @Test
  void handOverLosesNoCharacter() {
    enable();
    context.write(IMSC, RX | RT);
    type("0123456789abcdefghij");
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new Pl011Component());
    successor.state().restore(model.state().save());
    next.takeAlarms(context);
    successor.restored();
    assertEquals(model.state().save(), successor.state().save());
    assertTrue(next.interrupt(0).level());
    port.offer(new byte[] {'!'});
    StringBuilder got = new StringBuilder();
    while ((next.read(FR) & 0x10) == 0) {
      got.append((char) next.read(DR));
    }
    assertEquals("0123456789abcdefghij!", got.toString());
  }

  @Test
  void resetLowersTheInterrupt() {
    enable();
    context.write(IMSC, TX);
    context.write(DR, 'a');
    assertTrue(line());
    model.reset();
    assertFalse(line());
    assertEquals(0x301, context.read(CR));
  }

  @Test
  void unknownRegistersAreReported() {
    assertEquals(0, context.read(0x80));
    context.write(0x84, 1);
    context.write(0x48, 1);
    assertEquals(3, context.reportedFaults().size());
  }

  @Test
  void removedModelTakesNothingFromThePort() {
    enable();
    model.removed();
    type("x");
    assertEquals(1, port.waiting());
  }

  /** As on Juno; Linux looks for the identification 32 bytes before the end of the window. */
  @Test
  void largeWindowRepeatsTheRegisters() {
    FakeContext wide = new FakeContext(FakeNode.at("/pl011@9000000").compatible("arm,pl011", "arm,primecell")
        .window(0x900_0000, 0x1_0000).interrupt("/intc", 0, 1, 4).build());
    wide.create(new Pl011Component());
    int[] id = {0x11, 0x10, 0x14, 0x00, 0x0D, 0xF0, 0x05, 0xB1};
    for (int i = 0; i < 8; i++) {
      assertEquals(id[i], wide.read(0xFFE0 + 4 * i));
    }
    wide.write(0x3000 + LCR_H, 0x70);
    assertEquals(0x70, wide.read(LCR_H));
    assertEquals(List.of(), wide.reportedFaults());
  }

  @Test
  void tellsWhenTheGuestBeginsToListen() {
    assertFalse(port.listening());
    enable();
    // as a driver that empties the receiver and sends
    for (int i = 0; i < 100; i++) {
      context.read(0, FR, 4);
      context.write(DR, 'x');
    }
    assertFalse(port.listening());
    context.write(IMSC, TX);
    assertFalse(port.listening());
    context.write(IMSC, RX | RT);
    context.clock().advance(9_000_000);
    assertFalse(port.listening());
    context.clock().advance(1_000_000);
    assertTrue(port.listening());
    model.reset();
    assertFalse(port.listening());
    enable();
    for (int i = 0; i < 64; i++) {
      context.read(0, FR, 4);
    }
    assertTrue(port.listening());
  }
}
