// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A server of files by UDP (TFTP, RFC 1350, with the block size of RFC 2348) at a loopback address: whatever file it is asked for it gives its own, and it keeps what it is given. As servers of TFTP
 * do, it answers from a port of each transfer's own.
 */
final class TftpServer implements AutoCloseable {
  private static final int READ = 1;
  private static final int DATA = 3;
  private static final int TAKEN = 4;
  private static final int OPTIONS = 6;

  private final DatagramSocket asked;
  private final InetAddress at;
  private final byte[] own;
  private volatile byte[] given = {};
  private volatile int largest;

  /** @param own what it gives */
  TftpServer(InetAddress at, byte[] own) throws IOException {
    this.at = at;
    this.own = own;
    asked = new DatagramSocket(new InetSocketAddress(at, 0));
    Thread.ofPlatform().daemon().name("test's files").start(this::serve);
  }

  int port() {
    return asked.getLocalPort();
  }

  /** What it was given last, whole. */
  byte[] given() {
    return given;
  }

  /** Bytes of the largest datagram that came. */
  int largest() {
    return largest;
  }

  private void serve() {
    while (!asked.isClosed()) {
      byte[] bytes = new byte[1024];
      DatagramPacket request = new DatagramPacket(bytes, bytes.length);
      try {
        asked.receive(request);
        try (DatagramSocket transfer = new DatagramSocket(new InetSocketAddress(at, 0))) {
          transfer.setSoTimeout(20_000);
          String[] words = new String(bytes, 2, request.getLength() - 2, StandardCharsets.US_ASCII).split("\0");
          int block = Integer.parseInt(words[Arrays.asList(words).indexOf("blksize") + 1]);
          byte[] agreed = (" " + (char) OPTIONS + "blksize\0" + block + "\0").getBytes(StandardCharsets.US_ASCII);
          agreed[0] = 0;
          if (bytes[1] == READ) {
            gives(transfer, request.getSocketAddress(), block, agreed);
          } else {
            takes(transfer, request.getSocketAddress(), block, agreed);
          }
        }
      } catch (IOException e) {
        // The test is over, or the guest went away, and says why.
      }
    }
  }

  private static void send(DatagramSocket transfer, SocketAddress to, byte[] bytes) throws IOException {
    transfer.send(new DatagramPacket(bytes, bytes.length, to));
  }

  /** The next datagram of a kind; it has a block's number behind that. */
  private ByteBuffer next(DatagramSocket transfer, int kind) throws IOException {
    byte[] bytes = new byte[0xFFFF];
    DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
    transfer.receive(packet);
    largest = Math.max(largest, packet.getLength());
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, packet.getLength());
    if (buffer.getShort() != kind) {
      throw new IOException("not of the kind " + kind + ": " + new String(bytes, 0, packet.getLength(), StandardCharsets.US_ASCII));
    }
    return buffer;
  }

  private void gives(DatagramSocket transfer, SocketAddress to, int block, byte[] agreed) throws IOException {
    send(transfer, to, agreed);
    next(transfer, TAKEN);
    // A block that isn't full is the end.
    for (int i = 0; i <= own.length / block; i++) {
      byte[] part = Arrays.copyOfRange(own, i * block, Math.min(own.length, (i + 1) * block));
      send(transfer, to, ByteBuffer.allocate(4 + part.length).putShort((short) DATA).putShort((short) (i + 1)).put(part).array());
      next(transfer, TAKEN);
    }
  }

  private void takes(DatagramSocket transfer, SocketAddress from, int block, byte[] agreed) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    send(transfer, from, agreed);
    for (int length = block; length == block;) {
      ByteBuffer data = next(transfer, DATA);
      short number = data.getShort();
      length = data.remaining();
      all.write(data.array(), data.position(), length);
      send(transfer, from, ByteBuffer.allocate(4).putShort((short) TAKEN).putShort(number).array());
    }
    given = all.toByteArray();
  }

  @Override
  public void close() {
    asked.close();
  }
}
