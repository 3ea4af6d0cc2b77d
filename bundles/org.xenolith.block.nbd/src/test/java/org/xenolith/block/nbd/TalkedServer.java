// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.nbd;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server that says what a test has it say, to one client. */
final class TalkedServer implements AutoCloseable {
  static final long OPTION_REPLY = 0x3E889045565A9L;
  private final ServerSocketChannel server;
  private final Thread thread;
  private final CountDownLatch leave = new CountDownLatch(1);

  /** What it says. */
  interface Talk {
    void with(DataInputStream in, DataOutputStream out) throws IOException;
  }

  TalkedServer(Path socket, Talk talk) throws IOException {
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
    thread = Thread.ofPlatform().daemon().start(() -> {
      try (SocketChannel client = server.accept()) {
        talk.with(new DataInputStream(Channels.newInputStream(client)), new DataOutputStream(Channels.newOutputStream(client)));
      } catch (IOException e) {
        // The client has gone.
      }
    });
  }

  /** Says nothing for as long as the test goes on. */
  void beSilent() {
    try {
      leave.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Negotiates an export of that size, with structured replies or without. */
  static void negotiate(DataInputStream in, DataOutputStream out, long size, int flags, boolean structured) throws IOException {
    out.writeLong(0x4E42444D41474943L);
    out.writeLong(0x49484156454F5054L);
    out.writeShort(3);
    in.readInt();
    option(in);
    reply(out, 8, structured ? 1 : 0x8000_0001, new byte[0]);
    option(in);
    java.nio.ByteBuffer export = java.nio.ByteBuffer.allocate(12).putShort((short) 0).putLong(size).putShort((short) flags);
    reply(out, 7, 3, export.array());
    reply(out, 7, 1, new byte[0]);
  }

  static int option(DataInputStream in) throws IOException {
    in.readLong();
    int option = in.readInt();
    in.readNBytes(in.readInt());
    return option;
  }

  static void reply(DataOutputStream out, int option, int type, byte[] data) throws IOException {
    out.writeLong(OPTION_REPLY);
    out.writeInt(option);
    out.writeInt(type);
    out.writeInt(data.length);
    out.write(data);
  }

  /** The handle of a request. */
  static long request(DataInputStream in) throws IOException {
    in.readLong();
    long handle = in.readLong();
    in.readLong();
    in.readInt();
    return handle;
  }

  static void chunk(DataOutputStream out, int flags, int type, long handle, byte[] data) throws IOException {
    out.writeInt(0x668E33EF);
    out.writeShort(flags);
    out.writeShort(type);
    out.writeLong(handle);
    out.writeInt(data.length);
    out.write(data);
  }

  @Override
  public void close() throws IOException {
    leave.countDown();
    server.close();
    thread.interrupt();
  }
}
