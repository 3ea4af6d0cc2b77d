// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.HardwareFault;
import org.xenolith.machine.control.HardwareFault.Clock;
import org.xenolith.machine.control.HardwareFault.Line;
import org.xenolith.machine.control.HardwareFault.Link;
import org.xenolith.machine.control.HardwareFault.Window;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.MachineState;

/** Faults of lines, windows, clocks and links under a small program: as inputs they come again in a replay, and a state has those that last. */
class HardwareFaultTest {
  private static final long BEGIN = 100_100_000;
  private static final long MIDDLE = 180_000_000;
  private static final long END = 300_000_000;
  private static final long AFTER = 400_000_000;
  private static final String TIMER = "/timer";
  private static final String UART = "/pl011@9000000";
  private static final int VIRTUAL = 2;

  @TempDir
  Path folder;

  private static GuestMachine launch() {
    return GuestMachine.launch(RequestBuilder.of("virt").cpus(1).memory(64L << 20).guest("tiny").build());
  }

  private static void inject(Machine machine, HardwareFault fault) {
    machine.inputNow(HardwareFault.INJECTED, fault.node(), fault.bytes());
  }

  private static void end(Machine machine, HardwareFault fault) {
    machine.inputNow(HardwareFault.ENDED, fault.node(), fault.bytes());
  }

  private static void run(Machine machine, long until) {
    machine.run(new RunLimit(until, Long.MAX_VALUE));
  }

  @Test
  void eachFaultMattersAndComesAgainInAReplay() throws IOException {
    String sound;
    try (GuestMachine guest = launch()) {
      run(guest.machine(), END);
      sound = guest.machine().digest();
    }
    for (HardwareFault fault : List.of(new Line(TIMER, VIRTUAL, 0, Line.Manner.LOST, 1), new Line(TIMER, VIRTUAL, 0, Line.Manner.LOW, 0),
        new Line(TIMER, VIRTUAL, 0, Line.Manner.STORM, 30_000), new Window(UART, 0, 0, 3, false, true, Window.Manner.LATE, 20_000_000),
        new Window(UART, 0, 0, 0xFFF, true, true, Window.Manner.ONES, 0), new Clock(TIMER, Clock.Manner.FAST, 300_000), new Clock(TIMER,
            Clock.Manner.SLOW, 300_000), new Clock(TIMER, Clock.Manner.STOPPED, 0), new Clock(TIMER, Clock.Manner.AHEAD, 70_000_000),
        new Clock(
            TIMER, Clock.Manner.BACK, 70_000_000))) {
      comesAgain(fault, sound);
    }
  }

  private void comesAgain(HardwareFault fault, String sound) throws IOException {
    Path journal = folder.resolve(Integer.toHexString(fault.hashCode()) + ".journal");
    String digest;
    try (GuestMachine guest = launch()) {
      Machine machine = guest.machine();
      machine.record(journal);
      run(machine, BEGIN);
      inject(machine, fault);
      // A program whose interrupts are lost waits for ever: its time doesn't pass.
      run(machine, END);
      assertNotEquals(sound, machine.digest(), fault::toString);
      if (fault.lasts()) {
        end(machine, fault);
      } else {
        assertThrows(IllegalArgumentException.class, () -> end(machine, fault));
      }
      run(machine, AFTER);
      digest = machine.digest();
    }
    try (GuestMachine guest = launch()) {
      guest.machine().replay(journal);
      run(guest.machine(), AFTER);
      assertEquals(digest, guest.machine().digest(), () -> fault + guest.events());
    }
  }

  @Test
  void aLinkLosesWhatPassesAndHasTheRestUnharmed() throws IOException {
    try (GuestMachine whole = launch(); GuestMachine guest = launch()) {
      run(whole.machine(), END);
      String all = whole.console().text();
      run(guest.machine(), BEGIN);
      int begun = guest.console().length();
      Link third = new Link(UART, Link.Manner.LOST, 3);
      inject(guest.machine(), third);
      refused(guest.machine(), new Link(UART, Link.Manner.DOWN, 0), "has such a fault already");
      run(guest.machine(), END);
      String expected = all.substring(0, begun) + withoutEachThird(all.substring(begun));
      assertTrue(expected.length() < all.length(), "nothing passed");
      assertEquals(expected, guest.console().text());
      end(guest.machine(), third);
      Link down = new Link(UART, Link.Manner.DOWN, 0);
      inject(guest.machine(), down);
      run(guest.machine(), AFTER);
      assertEquals(expected, guest.console().text());
    }
  }

  /** @param text as the console keeps it, without the carriage returns that the line has had */
  private static String withoutEachThird(String text) {
    String bytes = text.replace("\n", "\r\n");
    StringBuilder rest = new StringBuilder();
    for (int i = 0; i < bytes.length(); i++) {
      if (i % 3 != 2 && bytes.charAt(i) != '\r') {
        rest.append(bytes.charAt(i));
      }
    }
    return rest.toString();
  }

  @Test
  void aStateHasTheFaultsThatLast() throws IOException {
    List<HardwareFault> faults = List.of(new Line(TIMER, VIRTUAL, 0, Line.Manner.STORM, 30_000), new Window(UART, 0, 0, 3, false, true,
        Window.Manner.LATE, 20_000_000), new Clock(TIMER, Clock.Manner.SLOW, 500_000), new Link(UART, Link.Manner.LOST, 7));
    try (GuestMachine guest = launch(); GuestMachine other = launch()) {
      Machine machine = guest.machine();
      run(machine, BEGIN);
      faults.forEach(fault -> inject(machine, fault));
      run(machine, MIDDLE);
      try (MachineState state = machine.state()) {
        run(machine, END);
        String digest = machine.digest();
        other.machine().restore(state);
        run(other.machine(), END);
        assertEquals(digest, other.machine().digest(), other::events);
        machine.restore(state);
        run(machine, END);
        assertEquals(digest, machine.digest(), guest::events);
      }
      faults.forEach(fault -> end(other.machine(), fault));
    }
  }

  @Test
  void whatIsNotThereIsRefusedAndChangesNothing() throws IOException {
    try (GuestMachine guest = launch()) {
      Machine machine = guest.machine();
      run(machine, BEGIN);
      refused(machine, new Line(TIMER, 9, -1, Line.Manner.HIGH, 0), "there are interrupt 0 cpu 0");
      refused(machine, new Line("/nothing", 0, -1, Line.Manner.HIGH, 0), "there is no node /nothing");
      refused(machine, new Window(UART, 3, 0, 3, true, true, Window.Manner.ABORT, 0), "has 1 windows, none of number 3");
      refused(machine, new Window(UART, 0, 0x1000, 0x1000, true, true, Window.Manner.ABORT, 0), "none at 0x1000");
      Window window = new Window(UART, 0, 0, 3, true, false, Window.Manner.ABORT, 0);
      inject(machine, window);
      refused(machine, window, "has that fault already");
      refused(machine, new Window(UART, 0, 4, 7, true, false, Window.Manner.ABORT, 0), "mend it before");
      end(machine, window);
      assertThrows(IllegalArgumentException.class, () -> end(machine, window));
      Clock clock = new Clock("/chosen", Clock.Manner.STOPPED, 0);
      refused(machine, clock, "/chosen: nothing goes by a clock there");
      refused(machine, new Clock(TIMER, Clock.Manner.BACK, 1_000_000_000_000L), "can't jump back by more");
      refused(machine, new Link(TIMER, Link.Manner.DOWN, 0), "/timer has no link");
      assertThrows(IllegalArgumentException.class, () -> machine.inputNow(HardwareFault.INJECTED, UART, new byte[] {'x'}));
      run(machine, END);
      String digest = machine.digest();
      try (GuestMachine sound = launch()) {
        run(sound.machine(), END);
        assertEquals(sound.machine().digest(), digest);
      }
    }
  }

  private static void refused(Machine machine, HardwareFault fault, String part) {
    String message = assertThrows(IllegalArgumentException.class, () -> inject(machine, fault)).getMessage();
    assertTrue(message.contains(part), message);
  }
}
