// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;

/**
 * What EFI_SIMPLE_NETWORK_PROTOCOL must keep of frames (UEFI 2.10, 24.1.12 to 24.1.14): which are sent, and come back, and which come.
 * Interrupts that were read may be there again while what they are of is, as with edk2's drivers.
 */
public abstract class NetworkFramesContract {
  private static final int RECEIVE_INTERRUPT = 1;
  private static final int TRANSMIT_INTERRUPT = 2;
  private static final long NOWHERE = 0x10;
  private static final long END = FakeRam.BASE + FakeRam.SIZE;

  /** A network interface. */
  public interface Card {
    /** The firmware that it is in. */
    FakeFirmware firmware();

    /** Address of EFI_SIMPLE_NETWORK_PROTOCOL. */
    long protocol();

    /** A frame comes. It has room for three that nobody has taken, at least. */
    void arrives(byte[] frame);

    /** What has gone out, from the beginning on. */
    List<byte[]> sent();

    /** Frames that it is given stay with it from now on, and don't go out. */
    void holds();

    /** All that it holds goes out, and from now on frames do as they are given. */
    void releases();

    /** The next frame can't be given to it: the device can't be told. */
    void fails();
  }

  /** A new one that nobody has started. */
  protected abstract Card card();

  @Test
  void framesAreSentAsTheyAre() {
    NetworkBench bench = NetworkBench.initialized(card());
    int most = NetworkBench.HEADER + (int) bench.mode(NetworkBench.MAX_PACKET);
    for (int size : new int[] {NetworkBench.HEADER, NetworkBench.HEADER + 1, 60, 600, most - 1, most}) {
      byte[] frame = bench.frame(NetworkBench.OTHER, size);
      // Without a header to fill in, what would be in it is ignored.
      for (long ignored : new long[] {0, NOWHERE, bench.out}) {
        int before = bench.card.sent().size();
        bench.clean();
        bench.memory.write(bench.buffer, frame);
        bench.succeeds(NetworkBench.TRANSMIT, 0, size, bench.buffer, ignored, ignored, ignored);
        assertEquals(before + 1, bench.card.sent().size(), "frames that were sent");
        assertArrayEquals(frame, bench.card.sent().getLast(), size + " bytes");
        assertArrayEquals(frame, bench.memory.read(bench.buffer, size), "the buffer");
        assertEquals(bench.buffer, bench.recycled());
      }
    }
    bench.memory.write(END - 60, bench.frame(NetworkBench.OTHER, 60));
    bench.succeeds(NetworkBench.TRANSMIT, 0, 60, END - 60, 0, 0, 0);
    assertEquals(END - 60, bench.recycled(), "at the end of memory");
  }

  @Test
  void headersAreFilledIn() {
    NetworkBench bench = NetworkBench.initialized(card());
    for (byte[] source : new byte[][] {null, NetworkBench.GROUP, bench.station}) {
      for (byte[] to : new byte[][] {NetworkBench.OTHER, NetworkBench.ALL}) {
        bench.clean();
        byte[] frame = bench.frame(bench.station, 100);
        bench.memory.write(bench.buffer, frame);
        bench.memory.write(bench.out, to);
        bench.memory.write(bench.out + 64, source == null ? bench.station : source);
        bench.memory.put16(bench.out + 128, 0x0806);
        long from = source == null ? 0 : bench.out + 64;
        bench.succeeds(NetworkBench.TRANSMIT, NetworkBench.HEADER, 100, bench.buffer, from, bench.out, bench.out + 128);
        System.arraycopy(to, 0, frame, 0, NetworkBench.MAC);
        System.arraycopy(source == null ? bench.station : source, 0, frame, NetworkBench.MAC, NetworkBench.MAC);
        frame[12] = 8;
        frame[13] = 6;
        assertArrayEquals(frame, bench.card.sent().getLast());
        bench.untouched(bench.buffer + 100, bench.buffer + 200, "behind the frame");
        assertEquals(bench.buffer, bench.recycled());
      }
    }
  }

  @Test
  void framesThatMakeNoSenseAreRefused() {
    NetworkBench bench = NetworkBench.initialized(card());
    int header = NetworkBench.HEADER;
    long at = bench.buffer;
    long to = bench.out;
    bench.clean();
    for (long size : new long[] {1, header - 1, header + 1, 1L << 32 | header, -1}) {
      bench.refuses("a header of 0x" + Long.toHexString(size) + " bytes", NetworkBench.TRANSMIT, size, 60, at, to, to, to);
    }
    bench.refuses("no destination", NetworkBench.TRANSMIT, header, 60, at, to, 0, to);
    bench.refuses("no protocol", NetworkBench.TRANSMIT, header, 60, at, to, to, 0);
    bench.refuses("no buffer", NetworkBench.TRANSMIT, 0, 60, 0, 0, 0, 0);
    bench.refuses("no buffer", NetworkBench.TRANSMIT, header, 60, 0, to, to, to);
    for (int size : new int[] {0, 1, header - 1}) {
      assertEquals(EfiStatus.BUFFER_TOO_SMALL, bench.call(NetworkBench.TRANSMIT, 0, size, at, 0, 0, 0), size + " bytes");
      assertEquals(EfiStatus.BUFFER_TOO_SMALL, bench.call(NetworkBench.TRANSMIT, header, size, at, to, to, to), size + " bytes");
    }
    for (long size : new long[] {header + bench.mode(NetworkBench.MAX_PACKET) + 1, 5000, 1 << 16 | 60, 1L << 32 | 60, Long.MIN_VALUE | 60,
        -1}) {
      bench.refuses("a frame of 0x" + Long.toHexString(size) + " bytes", NetworkBench.TRANSMIT, 0, size, at, 0, 0, 0);
    }
    assertEquals(List.of(), bench.card.sent());
    assertEquals(0, bench.recycled());
    bench.sends("afterwards");
  }

  @Test
  void framesOutsideOfMemoryAreRefused() {
    NetworkBench bench = NetworkBench.initialized(card());
    int header = NetworkBench.HEADER;
    long to = bench.out;
    bench.clean();
    for (int time = 0; time < 2; time++) {
      for (long place : new long[] {NOWHERE, FakeRam.BASE - 60, FakeRam.BASE - 1, END - 59, END, -60, Long.MIN_VALUE}) {
        String what = "a frame at 0x" + Long.toHexString(place);
        bench.refuses(what, NetworkBench.TRANSMIT, 0, 60, place, 0, 0, 0);
        bench.refuses(what, NetworkBench.TRANSMIT, header, 60, place, to, to, to);
      }
      for (long place : new long[] {NOWHERE, FakeRam.BASE - 1, END - 1, END, -1}) {
        String what = "a part of the header at 0x" + Long.toHexString(place);
        bench.refuses(what, NetworkBench.TRANSMIT, header, 60, bench.buffer, place, to, to);
        bench.refuses(what, NetworkBench.TRANSMIT, header, 60, bench.buffer, to, place, to);
        bench.refuses(what, NetworkBench.TRANSMIT, header, 60, bench.buffer, to, to, place);
      }
    }
    assertEquals(List.of(), bench.card.sent());
    assertEquals(0, bench.recycled());
    bench.sends("afterwards");
  }

  /** As many frames as go until one doesn't, each from a place of its own. */
  private static List<byte[]> fills(NetworkBench bench) {
    List<byte[]> taken = new ArrayList<>();
    while (true) {
      byte[] frame = bench.frame(NetworkBench.OTHER, 60 + taken.size());
      EfiStatus status = bench.transmit(frame, bench.place(taken.size()));
      if (status == EfiStatus.NOT_READY) {
        return taken;
      }
      assertEquals(EfiStatus.SUCCESS, status);
      taken.add(frame);
      assertTrue(taken.size() < NetworkBench.MANY, "a queue without an end");
    }
  }

  @Test
  void aQueueThatIsFullIsNotReady() {
    NetworkBench bench = NetworkBench.initialized(card());
    for (int round = 0; round < 3; round++) {
      int before = bench.card.sent().size();
      bench.card.holds();
      List<byte[]> taken = fills(bench);
      assertTrue(taken.size() > bench.memory.get8(bench.mode() + 650), () -> taken.size() + " frames at a time");
      assertEquals(EfiStatus.NOT_READY, bench.transmit(bench.frame(NetworkBench.OTHER, 60), bench.place(taken.size())), "it is still full");
      assertEquals(0, bench.recycled(), "while nothing has gone out");
      bench.card.releases();
      Set<Long> back = new HashSet<>();
      for (int i = 0; i < taken.size(); i++) {
        assertTrue(back.add(bench.recycled()), "a buffer came back twice");
      }
      for (int i = 0; i < taken.size(); i++) {
        assertTrue(back.contains(bench.place(i)), "buffer " + i + " didn't come back");
        assertArrayEquals(taken.get(i), bench.card.sent().get(before + i), "frame " + i);
      }
      assertEquals(before + taken.size(), bench.card.sent().size(), "frames that were sent");
      assertEquals(0, bench.recycled(), "what wasn't taken doesn't come back");
      bench.sends("when it has room again");
    }
  }

  @Test
  void aStatusSaysWhatHasHappened() {
    NetworkBench bench = NetworkBench.initialized(card());
    bench.interrupts();
    assertEquals(0, bench.interrupts(), "nothing has happened");
    bench.card.holds();
    assertEquals(EfiStatus.SUCCESS, bench.transmit(bench.frame(NetworkBench.OTHER, 60), bench.place(0)));
    assertEquals(0, bench.interrupts(), "a frame that hasn't gone out");
    bench.card.releases();
    assertEquals(TRANSMIT_INTERRUPT, bench.interrupts(), "a frame has gone out");
    byte[] frame = bench.frame(bench.station, 64);
    bench.card.arrives(frame);
    assertEquals(RECEIVE_INTERRUPT, bench.interrupts() & RECEIVE_INTERRUPT, "a frame has come");
    bench.fill(bench.out, 128);
    bench.succeeds(NetworkBench.STATUS, bench.out, bench.out + 64);
    assertEquals(0, bench.memory.get32(bench.out) & ~(RECEIVE_INTERRUPT | TRANSMIT_INTERRUPT), "interrupts");
    assertEquals(bench.place(0), bench.memory.get64(bench.out + 64), "interrupts that were read take no buffer away");
    bench.receives(frame, "nor a frame");
    bench.interrupts();
    assertEquals(0, bench.interrupts(), "all is taken");
    assertEquals(0, bench.recycled());
  }

  @Test
  void aStatusThatGoesNowhereLosesNothing() {
    NetworkBench bench = NetworkBench.initialized(card());
    for (long place : new long[] {NOWHERE, FakeRam.BASE - 1, END - 2, END, -1}) {
      String what = "a status that goes to 0x" + Long.toHexString(place);
      assertEquals(EfiStatus.SUCCESS, bench.transmit(bench.frame(NetworkBench.OTHER, 60), bench.place(0)), what);
      bench.refuses(what, NetworkBench.STATUS, 0, place);
      bench.refuses(what, NetworkBench.STATUS, place, 0);
      bench.refuses(what, NetworkBench.STATUS, place, bench.out);
      bench.refuses(what, NetworkBench.STATUS, bench.out, place);
      assertEquals(EfiStatus.SUCCESS, bench.transmit(bench.frame(NetworkBench.OTHER, 61), bench.place(1)), what);
      assertEquals(Set.of(bench.place(0), bench.place(1)), new HashSet<>(List.of(bench.recycled(), bench.recycled())), what);
      assertEquals(0, bench.recycled(), what);
    }
    bench.sends("afterwards");
  }

  @Test
  void framesThatComeAreDescribed() {
    NetworkBench bench = NetworkBench.initialized(card());
    bench.receivesNothing("nothing has come");
    int most = NetworkBench.HEADER + (int) bench.mode(NetworkBench.MAX_PACKET);
    for (int size : new int[] {NetworkBench.HEADER, 60, 61, most}) {
      byte[] frame = bench.frame(bench.station, size);
      for (int given = 0; given < 16; given++) {
        bench.card.arrives(frame);
        bench.clean();
        bench.memory.put64(bench.out, size);
        long[] to = new long[4];
        for (int i = 0; i < to.length; i++) {
          to[i] = (given >> i & 1) == 0 ? 0 : bench.out + 64 * (i + 1);
        }
        bench.succeeds(NetworkBench.RECEIVE, to[0], bench.out, bench.buffer, to[1], to[2], to[3]);
        assertEquals(size, bench.memory.get64(bench.out), "BufferSize");
        assertArrayEquals(frame, bench.memory.read(bench.buffer, size), "Buffer");
        bench.untouched(bench.buffer - 64, bench.buffer, "before the frame");
        bench.untouched(bench.buffer + size, bench.buffer + size + 64, "behind the frame");
        described(bench, to, frame);
      }
    }
    bench.receivesNothing("all was taken");
  }

  private static void described(NetworkBench bench, long[] to, byte[] frame) {
    int[] sizes = {8, NetworkBench.MAC_ROOM, NetworkBench.MAC_ROOM, 2};
    for (int i = 0; i < to.length; i++) {
      bench.untouched(bench.out + 64 * (i + 1) + (to[i] == 0 ? 0 : sizes[i]), bench.out + 64 * (i + 2), "behind what is described, " + i);
    }
    if (to[0] != 0) {
      assertEquals(NetworkBench.HEADER, bench.memory.get64(to[0]), "HeaderSize");
    }
    if (to[1] != 0) {
      assertArrayEquals(Arrays.copyOfRange(frame, 6, 12), bench.memory.read(to[1], NetworkBench.MAC), "SrcAddr");
    }
    if (to[2] != 0) {
      assertArrayEquals(Arrays.copyOf(frame, 6), bench.memory.read(to[2], NetworkBench.MAC), "DestAddr");
    }
    if (to[3] != 0) {
      assertEquals(NetworkBench.TYPE, bench.memory.get16(to[3]), "Protocol");
    }
  }

  @Test
  void aFrameThatDoesntFitStays() {
    NetworkBench bench = NetworkBench.initialized(card());
    for (long enough : new long[] {64, 1L << 32, -1}) {
      byte[] frame = bench.frame(bench.station, 64);
      byte[] next = bench.frame(bench.station, 80);
      bench.card.arrives(frame);
      bench.card.arrives(next);
      for (int size : new int[] {0, 1, NetworkBench.HEADER, 63}) {
        assertEquals(EfiStatus.BUFFER_TOO_SMALL, bench.receive(size), size + " bytes");
        assertEquals(64, bench.memory.get64(bench.out), "the size that it takes");
        bench.untouched(bench.buffer + size, bench.buffer + 200, "behind a buffer that is too small");
      }
      assertEquals(EfiStatus.SUCCESS, bench.receive(enough), "0x" + Long.toHexString(enough) + " bytes");
      assertArrayEquals(frame, bench.memory.read(bench.buffer, 64));
      bench.receives(next, "the next one");
      bench.receivesNothing("all was taken");
    }
  }

  @Test
  void aFrameThatGoesNowhereStays() {
    NetworkBench bench = NetworkBench.initialized(card());
    byte[] frame = bench.frame(bench.station, 64);
    bench.card.arrives(frame);
    for (long place : new long[] {0, NOWHERE, FakeRam.BASE - 1, END - 1, END, -1}) {
      for (int which = 0; which < 6; which++) {
        bench.clean();
        bench.memory.put64(bench.out, 2000);
        long[] arguments = {0, bench.out, bench.buffer, 0, 0, 0};
        arguments[which] = place;
        if (place != 0 || which == 1 || which == 2) {
          bench.refuses("argument " + (which + 1) + " is 0x" + Long.toHexString(place), NetworkBench.RECEIVE, arguments);
        }
      }
    }
    bench.receives(frame, "it is still there");
    bench.receivesNothing("once");
    bench.sends("afterwards");
  }

  @Test
  void whatIsUnderWayAtShutdownIsLost() {
    NetworkBench bench = NetworkBench.initialized(card());
    for (int session = 0; session < 3; session++) {
      bench.underWay();
      bench.succeeds(NetworkBench.SHUTDOWN);
      bench.succeeds(NetworkBench.INITIALIZE, 0, 0);
      bench.lost("Shutdown");
    }
  }

  @Test
  void whoWaitsIsToldOfFrames() {
    NetworkBench bench = new NetworkBench(card());
    FakeFirmware firmware = bench.card.firmware();
    long event = bench.memory.get64(bench.card.protocol() + NetworkBench.WAIT);
    assertFalse(firmware.signalled(event), "it is stopped");
    bench.succeeds(NetworkBench.START);
    assertFalse(firmware.signalled(event), "it isn't initialized");
    bench.succeeds(NetworkBench.INITIALIZE, 0, 0);
    assertFalse(firmware.signalled(event), "nothing has come");
    byte[] frame = bench.frame(bench.station, 64);
    bench.card.arrives(frame);
    assertTrue(firmware.signalled(event), "a frame has come");
    assertTrue(firmware.signalled(event), "it is still there");
    bench.receives(frame, "which somebody waited for");
    assertFalse(firmware.signalled(event), "it was taken");
  }

  @Test
  void aFrameThatCouldntBeGivenToTheDeviceIsNotUnderWay() {
    NetworkBench bench = NetworkBench.initialized(card());
    for (int time = 0; time < 3; time++) {
      bench.card.fails();
      assertEquals(EfiStatus.DEVICE_ERROR, bench.transmit(bench.frame(NetworkBench.OTHER, 60), bench.place(1)), "Transmit");
      assertEquals(0, bench.recycled(), "a frame that wasn't sent");
      assertEquals(EfiStatus.SUCCESS, bench.transmit(bench.frame(NetworkBench.OTHER, 61), bench.place(2)), "the next one");
      assertEquals(bench.place(2), bench.recycled());
      assertEquals(0, bench.recycled(), "a frame that wasn't sent");
    }
  }
}
