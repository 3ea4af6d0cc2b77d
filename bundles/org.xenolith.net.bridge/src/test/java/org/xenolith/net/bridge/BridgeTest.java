// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.bridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.ModelException;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.net.api.StationPort;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeHypervisor;

class BridgeTest {
  private static final String ROLE = "net.switch";
  private static final long ALL = 0xFFFF_FFFF_FFFFL;

  private final FakeHypervisor machine = new FakeHypervisor();
  private final DeviceContext owner = new FakeContext(FakeNode.at("/card").build());
  private final EthernetPort port = machine.port(EthernetPort.class);
  private final Receiver a = new Receiver(0);
  private final Receiver b = new Receiver(0);
  private final Receiver c = new Receiver(0);
  private Bridge bridge;
  private StationPort at;
  private StationPort bt;
  private StationPort ct;

  @BeforeEach
  void join() {
    bridge = (Bridge) machine.install(ROLE, new BridgeComponent());
    at = port.join("xenbr0", "a", a, owner);
    bt = port.join("xenbr0", "b", b, owner);
    ct = port.join("xenbr0", "c", c, owner);
  }

  private void send(StationPort from, byte[] frame) {
    from.send(frame, 0, frame.length);
  }

  private void deliver() {
    machine.context(ROLE).clock().advance(0);
  }

  @Test
  void frameGoesWhereItsAddressWasSeen() {
    byte[] first = Frames.plain(ALL, 0xA, 60, 1);
    send(at, first);
    assertTrue(b.frames.isEmpty(), "nothing is delivered inside the call");
    deliver();
    assertArrayEquals(first, b.only());
    assertArrayEquals(first, c.only());
    send(bt, Frames.plain(0xA, 0xB0, 60, 2));
    deliver();
    a.only();
    assertTrue(c.frames.isEmpty() && b.frames.isEmpty(), "a's address is known");
    send(at, Frames.plain(0xC0, 0xA, 60, 3));
    deliver();
    b.only();
    c.only();
    send(ct, Frames.plain(0xA, 0xB0, 60, 4));
    send(at, Frames.plain(0xB0, 0xA, 60, 5));
    deliver();
    a.only();
    c.only();
    assertTrue(b.frames.isEmpty(), "the address moved to c");
  }

  @Test
  void segmentsKnowNothingOfEachOther() {
    Receiver other = new Receiver(0);
    StationPort elsewhere = port.join("other", "x", other, owner);
    send(at, Frames.plain(ALL, 0xA, 60, 1));
    send(elsewhere, Frames.plain(ALL, 0xE, 60, 1));
    deliver();
    assertTrue(other.frames.isEmpty());
    b.only();
    at = port.join("other", "a", a, owner);
    send(elsewhere, Frames.plain(ALL, 0xE, 60, 1));
    deliver();
    a.only();
    assertTrue(b.frames.isEmpty());
  }

  @Test
  void badSourceAndAddressesOfTheLinkGoNowhere() {
    send(at, Frames.plain(ALL, 0x0100_0000_0001L, 60, 1));
    send(at, Frames.plain(0x0180_C200_000EL, 0xA, 60, 1));
    send(at, Frames.plain(0xB, 0xA, 13 + 1, 1));
    at.send(new byte[13], 0, 13);
    deliver();
    assertEquals(14, b.only().length);
    assertEquals(1, port.dropped());
  }

  @Test
  void stationsThatAnswerEachOtherLetTimeGoOn() {
    a.then = () -> send(at, Frames.plain(ALL, 0xA, 60, 1));
    b.then = () -> send(bt, Frames.plain(ALL, 0xB, 60, 1));
    send(at, Frames.plain(ALL, 0xA, 60, 1));
    machine.context(ROLE).clock().advance(100_000);
    assertEquals(101, a.frames.size() + b.frames.size());
  }

  @Test
  void whoHasNoRoomDropsAndCounts() {
    byte[] big = Frames.plain(ALL, 0xA, 65_000, 1);
    int fit = Segment.CAPACITY / (65_000 + 16);
    for (int i = 0; i < fit + 5; i++) {
      send(at, big);
    }
    assertEquals(5, bridge.overflows("xenbr0"));
    deliver();
    assertEquals(fit, b.frames.size());
  }

  @Test
  void anotherVersionGoesOnWithFramesAndAddresses() {
    send(bt, Frames.plain(ALL, 0xB0, 60, 1));
    deliver();
    a.only();
    c.only();
    send(at, Frames.plain(0xB0, 0xA, 60, 2));
    machine.replace(ROLE, new BridgeComponent());
    deliver();
    assertArrayEquals(Frames.plain(0xB0, 0xA, 60, 2), b.only());
    assertTrue(c.frames.isEmpty(), "the address was handed over");
  }

  @Test
  void withoutASwitchFramesAreDroppedAndOneThatComesBackFindsTheStations() {
    send(bt, Frames.plain(ALL, 0xB0, 60, 1));
    StateRecord record = machine.remove(ROLE);
    assertFalse(port.present());
    send(at, Frames.plain(ALL, 0xA, 60, 1));
    assertEquals(1, port.dropped());
    machine.bringBack(ROLE, new BridgeComponent(), record);
    ct.leave();
    send(at, Frames.plain(0xB0, 0xA, 60, 2));
    deliver();
    assertEquals(60, b.frames.removeLast().length);
    assertTrue(c.frames.isEmpty());
  }

  /** Who joined since is there still when the record comes, and leaves when its owner has its own. */
  @Test
  void whoComesBackToAnEarlierStateIsAsItWasThen() {
    port.join("other", "x", new Receiver(0), owner);
    StateRecord earlier = machine.remove(ROLE);
    machine.bringBack(ROLE, new BridgeComponent(), earlier);
    StationPort later = port.join("other", "y", new Receiver(0), owner);
    machine.remove(ROLE);
    machine.bringBack(ROLE, new BridgeComponent(), earlier);
    later.leave();
    assertEquals(earlier, machine.remove(ROLE));
  }

  @Test
  void receiverThatThrowsIsTakenOffAndTheSwitchStays() {
    b.then = () -> {
      throw new IllegalStateException("a bug");
    };
    send(at, Frames.plain(ALL, 0xA, 60, 1));
    assertThrows(ModelException.class, this::deliver, "the test's context passes failures on");
    assertFalse(bt.joined());
    assertTrue(port.present());
  }
}
