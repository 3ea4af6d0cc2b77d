// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vuart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.GuestMmio;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVirtualGic.Level;
import org.xenolith.xen.abi.HvmParam;

class GuestUartsTest {
  private static final String ROLE = "vuart";
  private static final long BASE = 0x2200_0000L;
  private static final int DR = 0x000;
  private static final int FR = 0x018;
  private static final int IMSC = 0x038;
  private static final int RIS = 0x03C;
  private static final int MIS = 0x040;
  private static final int ICR = 0x044;
  private static final int RX = 0x10;
  private static final int TX = 0x20;
  private static final int TIMEOUT = 0x40;

  private final FakeHypervisor hypervisor = new FakeHypervisor();
  private final ConsolesPort consoles = hypervisor.port(ConsolesPort.class);
  private FakeDomain guest;

  @BeforeEach
  void install() {
    hypervisor.install(ROLE, new GuestUartsComponent());
    guest = hypervisor.domU(2, 1);
  }

  @Test
  void whatAGuestWritesIsShownAtItsConsole() {
    for (byte b : "hello".getBytes(StandardCharsets.US_ASCII)) {
      assertEquals(0, read(FR) & 0x28, "never busy, never full");
      write(DR, b);
    }
    assertEquals("hello", new String(consoles.kept(2), StandardCharsets.US_ASCII));
  }

  @Test
  void typedCharactersInterruptTheGuestAndAreReadInOrder() {
    write(IMSC, RX | TIMEOUT);
    assertEquals(0x90, read(FR));
    assertEquals(2, type("ab"));
    assertEquals(List.of(new Level(guest.vcpu(0), 32, true)), hypervisor.gic().levels());
    assertEquals(TIMEOUT, read(MIS));
    assertEquals(0x80, read(FR));
    assertEquals('a', read(DR));
    assertEquals('b', read(DR));
    assertEquals(0, read(MIS));
    assertEquals(0, read(DR), "nothing waits");
    assertEquals(List.of(new Level(guest.vcpu(0), 32, true), new Level(guest.vcpu(0), 32, false)),
        hypervisor.gic().levels());
  }

  @Test
  void fullFifoTakesNoMoreAndLosesNothing() {
    read(FR);
    String text = "0123456789abcdefghijklmnopqrstuvwxyz";
    assertEquals(32, type(text));
    assertEquals(0xC0, read(FR));
    assertEquals(0, type("x"));
    assertEquals(RX | TX | TIMEOUT, read(RIS));
    for (int i = 0; i < 17; i++) {
      assertEquals(text.charAt(i), read(DR));
    }
    assertEquals(TX | TIMEOUT, read(RIS), "less than half");
    assertEquals(4, type(text.substring(32)));
    for (int i = 17; i < text.length(); i++) {
      assertEquals(text.charAt(i), read(DR));
    }
  }

  @Test
  void roomToTransmitIsAnInterruptUntilItIsCleared() {
    write(IMSC, TX);
    assertEquals(TX, read(MIS));
    write(ICR, TX);
    assertEquals(0, read(MIS));
    write(DR, 'x');
    assertEquals(TX, read(MIS));
    write(IMSC, 0);
    assertFalse(hypervisor.gic().levels().getLast().high());
  }

  @Test
  void clearingDoesNotHideACharacterThatStillWaits() {
    write(IMSC, TIMEOUT);
    type("a");
    write(ICR, 0x7FF);
    assertEquals(TIMEOUT, read(MIS));
  }

  @Test
  void narrowAccessesReachTheLowPartOfARegister() {
    uart().write(guest.vcpu(0), BASE + DR, 1, 'q');
    uart().write(guest.vcpu(0), BASE + DR + 1, 1, 'z');
    assertEquals("q", new String(consoles.kept(2), StandardCharsets.US_ASCII));
    assertEquals(0x90, uart().read(guest.vcpu(0), BASE + FR, 2));
    assertEquals(0, uart().read(guest.vcpu(0), BASE + FR + 2, 2));
    assertEquals(0x01, uart().read(guest.vcpu(0), BASE + 0x030, 1), "the control register's low byte");
  }

  @Test
  void onlyGuestsHaveOne() {
    FakeDomain dom0 = hypervisor.dom0(1);
    GuestTrapsPort traps = hypervisor.port(GuestTrapsPort.class);
    assertNull(traps.window(dom0, BASE));
    assertNotNull(traps.window(guest, BASE + 0xFFF));
    assertNull(traps.window(guest, BASE - 1));
    assertNull(traps.window(guest, BASE + 0x1000));
  }

  @Test
  void eachGuestHasItsOwn() {
    FakeDomain other = hypervisor.domU(3, 1);
    write(DR, 'a');
    uart().write(other.vcpu(0), BASE + DR, 4, 'b');
    write(DR, 'c');
    assertEquals("ac", new String(consoles.kept(2), StandardCharsets.US_ASCII));
    assertEquals("b", new String(consoles.kept(3), StandardCharsets.US_ASCII));
    type("x");
    assertEquals(0x90, uart().read(other.vcpu(0), BASE + FR, 4), "nothing came to the other one");
  }

  @Test
  void guestWithAPvConsoleIsTypedToThereUntilItListensHere() {
    guest.parameter(HvmParam.HVM_PARAM_CONSOLE_PFN, 0x39000);
    StringBuilder pv = new StringBuilder();
    consoles.input(2, (bytes, offset, length) -> {
      pv.append(new String(bytes, offset, length, StandardCharsets.US_ASCII));
      return length;
    });
    write(ICR, 0x7FF);
    write(DR, 'x');
    type("there");
    assertEquals("there", pv.toString());
    write(IMSC, RX | TIMEOUT);
    type("h");
    assertEquals('h', read(DR));
    write(IMSC, 0);
    hypervisor.replace(ROLE, new GuestUartsComponent());
    type("i");
    assertEquals('i', read(DR));
    assertEquals("there", pv.toString());
  }

  @Test
  void nextGuestOfADomidBeginsAnew() {
    write(IMSC, RX);
    type("left over");
    hypervisor.destroy(guest);
    assertEquals(0, type("nobody"));
    guest = hypervisor.domU(2, 1);
    assertEquals(0x90, read(FR));
    assertEquals(0, read(IMSC));
  }

  @Test
  void handOverLosesNoCharacter() {
    write(IMSC, TIMEOUT);
    type("ab");
    hypervisor.gic().levels().clear();
    hypervisor.replace(ROLE, new GuestUartsComponent());
    assertTrue(hypervisor.gic().levels().getLast().high());
    assertEquals(1, type("c"));
    assertEquals('a', read(DR));
    assertEquals('b', read(DR));
    assertEquals('c', read(DR));
    assertFalse(hypervisor.gic().levels().getLast().high());
  }

  @Test
  void removedPortAnswersAndTakesNothing() {
    write(DR, 'a');
    hypervisor.remove(ROLE);
    assertNull(hypervisor.port(GuestTrapsPort.class).window(guest, BASE));
    assertEquals(0, type("b"));
  }

  @Test
  void portGoesOnFromItsRecordWhenItIsBack() {
    write(IMSC, RX);
    type("ab");
    FakeDomain gone = hypervisor.domU(3, 1);
    uart().read(gone.vcpu(0), BASE + FR, 4);
    StateRecord record = hypervisor.remove(ROLE);
    hypervisor.destroy(gone);
    hypervisor.bringBack(ROLE, new GuestUartsComponent(), record);
    assertEquals(RX, read(IMSC));
    assertEquals('a', read(DR));
  }

  @Test
  void nothingThatAGuestDoesIsAnException() {
    long seed = 20261120;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int[] sizes = {1, 2, 4, 8};
    for (int i = 0; i < 200_000; i++) {
      int size = sizes[random.nextInt(4)];
      long at = BASE + random.nextInt(0x1000);
      switch (random.nextInt(3)) {
        case 0 -> uart().read(guest.vcpu(0), at, size);
        case 1 -> uart().write(guest.vcpu(0), at, size, random.nextLong());
        default -> type("typed");
      }
    }
  }

  private GuestMmio uart() {
    return hypervisor.port(GuestTrapsPort.class).window(guest, BASE).handler();
  }

  private long read(int offset) {
    return uart().read(guest.vcpu(0), BASE + offset, 4);
  }

  private void write(int offset, long value) {
    uart().write(guest.vcpu(0), BASE + offset, 4, value);
  }

  private int type(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return consoles.offer(2, bytes, 0, bytes.length);
  }
}
