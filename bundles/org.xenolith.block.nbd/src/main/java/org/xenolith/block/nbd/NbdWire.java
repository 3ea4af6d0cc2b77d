// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.nbd;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.xenolith.command.api.HostReason;

/**
 * The connection to a server, which never waits for longer than a server may be silent. Once something went wrong nobody knows where in the talk it is, so that all that follows
 * fails for the same reason.
 */
final class NbdWire implements Closeable {
  private final String name;
  private final SocketChannel channel;
  private final Selector selector;
  private final int patienceMillis;
  private String broken = "";

  /** @throws IOException if nobody is there */
  NbdWire(NbdAddress address, int patienceMillis) throws IOException {
    name = address.text();
    this.patienceMillis = patienceMillis;
    if (address.server() instanceof InetSocketAddress host && host.isUnresolved()) {
      throw new IOException(name + ": the host " + host.getHostString() + " isn't known");
    }
    channel = address.server() instanceof InetSocketAddress ? SocketChannel.open()
        : SocketChannel.open(java.net.StandardProtocolFamily.UNIX);
    Selector made = null;
    try {
      channel.configureBlocking(false);
      made = Selector.open();
      channel.register(made, SelectionKey.OP_CONNECT);
      selector = made;
      if (!channel.connect(address.server())) {
        while (!channel.finishConnect()) {
          await(SelectionKey.OP_CONNECT);
        }
      }
      if (address.server() instanceof InetSocketAddress) {
        channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
      }
    } catch (IOException e) {
      channel.close();
      if (made != null) {
        made.close();
      }
      throw new IOException(name + ": no server is there: " + HostReason.of(e).text()
          + "; start one, for example: qemu-nbd -k PATH -t FILE", e);
    }
  }

  private void await(int what) throws IOException {
    channel.keyFor(selector).interestOps(what);
    selector.selectedKeys().clear();
    if (selector.select(patienceMillis) == 0) {
      throw new IOException(Thread.currentThread().isInterrupted() ? "the wait for the server was given up"
          : "the server has been silent for " + patienceMillis / 1000.0
              + " s; if it has another client, have it serve several (the option shared of qemu-nbd)");
    }
  }

  /** Reads so many bytes. */
  void read(byte[] into, int offset, int bytes) throws IOException {
    requireWhole();
    ByteBuffer buffer = ByteBuffer.wrap(into, offset, bytes);
    try {
      while (buffer.hasRemaining()) {
        int read = channel.read(buffer);
        if (read < 0) {
          throw new IOException("the server has closed the connection");
        }
        if (read == 0) {
          await(SelectionKey.OP_READ);
        }
      }
    } catch (IOException e) {
      throw broken(reason(e));
    }
  }

  /** Of a socket whose other end has gone the system says that in two ways, by what was in it. */
  private static String reason(IOException e) {
    String text = HostReason.of(e).text();
    return text.equals("Broken pipe") || text.equals("Connection reset") || text.equals("Connection reset by peer")
        ? "the server has closed the connection" : text;
  }

  /** Reads so many bytes, which are few. */
  ByteBuffer read(int bytes) throws IOException {
    byte[] read = new byte[bytes];
    read(read, 0, bytes);
    return ByteBuffer.wrap(read);
  }

  /** Writes all that is left in a buffer. */
  void write(ByteBuffer buffer) throws IOException {
    requireWhole();
    try {
      while (buffer.hasRemaining()) {
        if (channel.write(buffer) == 0) {
          await(SelectionKey.OP_WRITE);
        }
      }
    } catch (IOException e) {
      throw broken(reason(e));
    }
  }

  /** The server says what no server says: no more is asked of it. */
  IOException broken(String why) {
    broken = why;
    try {
      close();
    } catch (IOException e) {
      // It is of no more use either way.
    }
    return new IOException(name + ": " + why);
  }

  private void requireWhole() throws IOException {
    if (!broken.isEmpty()) {
      throw new IOException(name + ": the connection is lost since " + broken + "; the disk comes back with the next launch");
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}
