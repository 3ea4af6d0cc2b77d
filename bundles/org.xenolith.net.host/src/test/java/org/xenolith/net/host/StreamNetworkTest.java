// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.net.api.FrameReceiver;
import org.xenolith.net.api.OutsideLink;

@Timeout(20)
class StreamNetworkTest {
  @TempDir
  private Path folder;

  /** A machine that keeps what comes in. */
  private static final class Machine implements FrameReceiver {
    final LinkedBlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<String> said = new LinkedBlockingQueue<>();
    volatile boolean full;

    @Override
    public boolean frame(byte[] bytes, int offset, int length) {
      return !full && frames.add(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    @Override
    public boolean frame(byte[] bytes, int offset, int length, int offload, int payload) {
      throw new AssertionError("a stream leaves no work to do");
    }

    @Override
    public void say(String text) {
      said.add(text);
    }
  }

  private static OutsideLink open(Path path, String server, FrameReceiver machine) throws IOException {
    return new StreamNetwork().open(Map.of("", List.of(path.toString()), "server", List.of(server)), machine);
  }

  private static byte[] frame(int length, int content) {
    byte[] frame = new byte[length];
    Arrays.fill(frame, (byte) content);
    return frame;
  }

  private static <T> T soon(LinkedBlockingQueue<T> queue) throws InterruptedException {
    return assertNotNull2(queue.poll(10, TimeUnit.SECONDS));
  }

  private static <T> T assertNotNull2(T value) {
    assertNotNull(value, "nothing came in 10 seconds");
    return value;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(2);
    }
    assertTrue(condition.getAsBoolean(), "not so in 10 seconds");
  }

  @Test
  void twoMachinesAreConnected() throws Exception {
    Path path = folder.resolve("wire");
    Machine a = new Machine();
    Machine b = new Machine();
    try (OutsideLink first = open(path, "on", a)) {
      assertFalse(first.busy(), "nobody is there");
      first.send(frame(60, 9), 0, 60);
      assertEquals(1, first.dropped());
      try (OutsideLink second = open(path, "off", b)) {
        await(() -> first.busy() && second.busy());
        first.send(frame(100, 1), 10, 60);
        second.send(frame(65_549, 2), 0, 65_549);
        assertArrayEquals(frame(60, 1), soon(b.frames));
        assertArrayEquals(frame(65_549, 2), soon(a.frames));
      }
      assertEquals("stream " + path + ": the peer is gone", soon(a.said));
      try (OutsideLink third = open(path, "off", b)) {
        await(() -> first.busy() && third.busy());
        third.send(frame(60, 3), 0, 60);
        assertArrayEquals(frame(60, 3), soon(a.frames));
      }
    }
    assertFalse(Files.exists(path), "the socket is taken away");
    assertTrue(b.said.isEmpty(), "who closes isn't told");
  }

  @Test
  void framesWaitOutsideWhileTheMachineHasNoRoom() throws Exception {
    Path path = folder.resolve("wire");
    Machine a = new Machine();
    a.full = true;
    try (OutsideLink first = open(path, "on", a); OutsideLink second = open(path, "off", new Machine())) {
      await(second::busy);
      for (int i = 0; i < 100; i++) {
        second.send(frame(1514, i), 0, 1514);
      }
      a.full = false;
      first.room();
      for (int i = 0; i < 100; i++) {
        assertArrayEquals(frame(1514, i), soon(a.frames));
      }
    }
  }

  @Test
  void lengthsThatNoFrameHasEndTheConnectionAndAreSaid() throws Exception {
    Path path = folder.resolve("wire");
    Machine machine = new Machine();
    try (OutsideLink link = open(path, "on", machine)) {
      for (int length : new int[] {0, 13, 65_554, -1}) {
        try (SocketChannel peer = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
          peer.write(ByteBuffer.allocate(4).putInt(0, length));
          assertTrue(soon(machine.said).startsWith("stream " + path + ": the peer says that a frame has " + Integer.toUnsignedString(length)
              + " bytes"));
          assertEquals(-1, peer.read(ByteBuffer.allocate(1)), "it is hung up");
        }
      }
      try (SocketChannel peer = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
        peer.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 60, 1, 2}));
      }
      assertEquals("stream " + path + ": the peer went in the middle of a frame", soon(machine.said));
      assertTrue(machine.frames.isEmpty());
    }
  }

  @Test
  void aPathWhereNobodyListensOrSomebodyDoesIsRefusedWithWhatToDo() throws Exception {
    Path path = folder.resolve("wire");
    String none = assertThrows(IOException.class, () -> open(path, "off", new Machine())).getMessage();
    assertEquals(path + ": there is no such socket; start the peer first, or say server=on for it to connect to this one", none);
    try (OutsideLink link = open(path, "on", new Machine())) {
      String there = assertThrows(IOException.class, () -> open(path, "on", new Machine())).getMessage();
      assertEquals(path + ": it is there already; name another path, or remove it if nobody listens there", there);
    }
    Files.createFile(path);
    String dead = assertThrows(IOException.class, () -> open(path, "off", new Machine())).getMessage();
    assertEquals(path + ": nobody listens there; start the peer first, or say server=on for it to connect to this one", dead);
    assertThrows(IllegalArgumentException.class, () -> open(Path.of(""), "on", new Machine()));
    assertThrows(IllegalArgumentException.class, () -> open(path, "maybe", new Machine()));
  }
}
