// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.host;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xenolith.net.api.EthernetPort;

/** Frames over a UNIX socket, each behind its length in four bytes, big-endian: the form of QEMU's {@code -netdev stream} and of passt. */
final class StreamLine implements FrameLine {
  private static final int LENGTH = 4;

  private final Path path;
  /** Null for one that connects. */
  private final ServerSocketChannel server;
  private final ByteBuffer length = ByteBuffer.allocate(LENGTH);
  private final ByteBuffer[] out = {ByteBuffer.allocate(LENGTH), null};
  private volatile SocketChannel peer;
  private volatile boolean closed;

  private StreamLine(Path path, ServerSocketChannel server, SocketChannel peer) {
    this.path = path;
    this.server = server;
    this.peer = peer;
  }

  /** One that connects to who listens there. */
  static StreamLine to(Path path) throws IOException {
    return new StreamLine(path, null, SocketChannel.open(UnixDomainSocketAddress.of(path)));
  }

  /** One that listens there, for one peer at a time. */
  static StreamLine at(Path path) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      server.close();
      throw e;
    }
    return new StreamLine(path, server, null);
  }

  @Override
  public String open() throws IOException {
    if (server != null) {
      SocketChannel next = server.accept();
      peer = next;
      if (closed) {
        next.close();
      }
    }
    return path.toString();
  }

  @Override
  public int read(byte[] frame) throws IOException {
    length.clear();
    if (!fill(length)) {
      return -1;
    }
    int count = length.getInt(0);
    if (count < EthernetPort.HEADER || count > EthernetPort.MOST) {
      throw new IOException("the peer says that a frame has " + Integer.toUnsignedString(count) + " bytes; one has " + EthernetPort.HEADER
          + " to " + EthernetPort.MOST + ", so it speaks another form: QEMU's is -netdev stream");
    }
    if (!fill(ByteBuffer.wrap(frame, 0, count))) {
      throw new IOException("the peer went in the middle of a frame");
    }
    return count;
  }

  private boolean fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (peer.read(buffer) < 0) {
        if (buffer.position() > 0) {
          throw new IOException("the peer went in the middle of a frame");
        }
        return false;
      }
    }
    return true;
  }

  @Override
  public void write(byte[] frame) throws IOException {
    SocketChannel to = peer;
    if (to == null) {
      return;
    }
    out[0].clear().putInt(frame.length).flip();
    out[1] = ByteBuffer.wrap(frame);
    while (out[1].hasRemaining()) {
      to.write(out);
    }
  }

  @Override
  public boolean left() {
    closeQuietly(peer);
    return server != null && !closed;
  }

  @Override
  public void close() {
    closed = true;
    closeQuietly(peer);
    if (server != null) {
      closeQuietly(server);
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        // Who listens there next is told that it is there.
      }
    }
  }

  private static void closeQuietly(AutoCloseable channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (Exception e) {
        // Nothing is lost: whatever was to be read or written wasn't wanted any more.
      }
    }
  }
}
