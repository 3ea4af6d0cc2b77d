// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ns16550;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.console.api.SerialPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ModelException;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class Ns16550Test {
  private static final int DATA = 0;
  private static final int IER = 1;
  private static final int IIR = 2;
  private static final int LCR = 3;
  private static final int MCR = 4;
  private static final int LSR = 5;
  private static final int MSR = 6;
  private static final int SCR = 7;

  private FakeContext context;
  private DeviceModel model;
  private SerialPort port;
  private final StringBuilder sent = new StringBuilder();
  private int shift;
  private int width;

  @BeforeEach
  void start() {
    start(0, 1);
  }

  private void start(int regShift, int ioWidth) {
    shift = regShift;
    width = ioWidth;
    context = new FakeContext(FakeNode.at("/serial@1c020000").compatible("ns16550a").window(0x1C02_0000, 0x1000)
        .cells("reg-shift", shift).cells("reg-io-width", width).cells("clock-frequency", 50_000_000)
        .interrupt("/intc", 0, 0x4C, 4).build());
    model = context.create(new Ns16550Component());
    port = context.port(SerialPort.class);
    port.connect(b -> sent.append((char) b));
  }

  private long read(int register) {
    return context.read(0, (long) register << shift, width);
  }

  private void write(int register, long value) {
    context.write(0, (long) register << shift, width, value);
  }

  private void type(String text) {
    assertEquals(text.length(), port.offer(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private boolean line() {
    return context.interrupt(0).level();
  }

  @Test
  void registersMayLieApart() {
    for (int regShift : new int[] {0, 1, 2}) {
      for (int ioWidth : new int[] {1, 4}) {
        if (ioWidth <= 1 << regShift) {
          start(regShift, ioWidth);
          write(SCR, 0x5A);
          assertEquals(0x5A, read(SCR));
          assertEquals(0x60, read(LSR));
          write(LCR, 0x83);
          write(DATA, 0x1B);
          write(IER, 0x02);
          assertEquals(0x1B, read(DATA));
          assertEquals(0x02, read(IER));
          write(LCR, 0x03);
          assertEquals(0, read(IER));
        }
      }
    }
  }

  @Test
  void gapsBetweenRegistersAreReported() {
    start(2, 1);
    assertEquals(0, context.read(0, 1, 1));
    context.write(0, 0x20, 1, 1);
    assertEquals(2, context.reportedFaults().size());
  }

  @Test
  void emptyTransmitterInterruptsWhenSwitchedOnAndAfterEachCharacter() {
    write(IER, 2);
    assertTrue(line());
    assertEquals(0x02, read(IIR));
    assertFalse(line(), "reading the identification takes it away");
    assertEquals(0x01, read(IIR));
    write(DATA, 'a');
    assertEquals("a", sent.toString());
    assertTrue(line());
    write(IER, 0);
    assertFalse(line());
  }

  @Test
  void receivedDataInterruptsAtTheTriggerLevelOrLate() {
    write(LCR, 0x80);
    write(DATA, 27);
    write(LCR, 3);
    write(IIR, 0x81);
    write(IER, 1);
    type("1234567");
    assertFalse(line());
    type("8");
    assertTrue(line());
    assertEquals(0xC4, read(IIR));
    assertEquals('1', read(DATA));
    assertFalse(line());
    context.clock().advance(345_000);
    assertFalse(line(), "40 bits at 115,740 baud are 345.6 µs");
    context.clock().advance(1_000);
    assertEquals(0xCC, read(IIR));
    assertTrue(line());
    assertEquals('2', read(DATA));
    assertFalse(line());
    StringBuilder rest = new StringBuilder();
    while ((read(LSR) & 1) != 0) {
      rest.append((char) read(DATA));
    }
    assertEquals("345678", rest.toString());
  }

  @Test
  void withoutFifosOneCharacterAtATime() {
    write(IER, 1);
    type("ab");
    assertEquals(0x04, read(IIR), "no FIFO bits");
    assertEquals(1, port.waiting());
    assertEquals('a', read(DATA));
    assertTrue(line());
    assertEquals('b', read(DATA));
    assertFalse(line());
  }

  @Test
  void nothingIsLostBehindAFullFifo() {
    write(IIR, 1);
    String text = "0123456789abcdefghijklmnopqrstuvwxyz";
    type(text);
    StringBuilder got = new StringBuilder();
    while ((read(LSR) & 1) != 0) {
      got.append((char) read(DATA));
    }
    assertEquals(text, got.toString());
  }

  /** What a kernel does to find out whether there is a UART at all. */
  @Test
  void loopbackJoinsModemLinesAndData() {
    write(MCR, 0x10 | 0x0A);
    assertEquals(0x90, read(MSR) & 0xF0);
    write(MCR, 0x10 | 0x05);
    assertEquals(0x6B, read(MSR), "three lines changed, the ring has not ended yet");
    write(MCR, 0x10);
    assertEquals(0x06, read(MSR), "data set ready and the end of ring");
    assertEquals(0, read(MSR) & 0xF, "read deltas are gone");
    write(DATA, 'x');
    assertEquals("", sent.toString());
    assertEquals('x', read(DATA));
    write(DATA, 'y');
    write(DATA, 'z');
    assertEquals(0x63, read(LSR), "overrun");
    assertEquals(0x61, read(LSR));
    write(MCR, 0);
    assertEquals(0xB0, read(MSR) & 0xF0);
  }

  @Test
  void interruptsRankByUrgency() {
    write(MCR, 0x10);
    read(MSR);
    write(IER, 0xF);
    write(MCR, 0x11);
    write(DATA, 'x');
    write(DATA, 'y');
    assertEquals(0x06, read(IIR));
    read(LSR);
    assertEquals(0x04, read(IIR));
    read(DATA);
    assertEquals(0x02, read(IIR));
    assertEquals(0x00, read(IIR));
    read(MSR);
    assertEquals(0x01, read(IIR));
    assertFalse(line());
  }

  @Test
  void handOverLosesNoCharacter() {
    write(IIR, 1);
    write(IER, 1);
    type("abc");
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new Ns16550Component());
    successor.state().restore(model.state().save());
    next.takeAlarms(context);
    successor.restored();
    context = next;
    assertEquals(model.state().save(), successor.state().save());
    assertTrue(line());
    type("d");
    assertEquals("abcd", "" + (char) read(DATA) + (char) read(DATA) + (char) read(DATA) + (char) read(DATA));
  }

  @Test
  void impossibleSpacingIsRefused() {
    assertThrows(ModelException.class, () -> start(4, 4));
  }

  @Test
  void removedModelTakesNothingFromThePort() {
    model.removed();
    type("x");
    assertEquals(1, port.waiting());
  }

  @Test
  void tellsWhenTheGuestBeginsToListen() {
    assertFalse(port.listening());
    for (int i = 0; i < 100; i++) {
      read(LSR);
      write(0, 'x');
    }
    write(IER, 2);
    assertFalse(port.listening());
    write(IER, 1);
    context.clock().advance(9_000_000);
    assertFalse(port.listening());
    context.clock().advance(1_000_000);
    assertTrue(port.listening());
    model.reset();
    for (int i = 0; i < 64; i++) {
      assertFalse(port.listening());
      read(LSR);
    }
    assertTrue(port.listening());
  }
}
