// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** The outside by the host's sockets, all on one selector; used by the link's thread only. */
final class SocketOutside implements Outside, AutoCloseable {
  private static final int ECHO_PATIENCE = 5000;
  /** Datagrams and connections that are taken in one go, so that others have their turn. */
  private static final int AT_ONCE = 64;

  /** What is done when a channel is ready. */
  private interface Ready {
    void ready(SelectionKey key) throws IOException;
  }

  /** Who takes a connection from outside. */
  interface Acceptor {
    /** @return who hears of the stream, null if it isn't taken */

    StreamEvents accept(Stream stream, InetSocketAddress client);
  }

  private final Selector selector;
  private final Executor later;
  private final ByteBuffer datagram = ByteBuffer.allocate(0xFFFF);
  /** Streams that were connected at once, and whose events are due. */
  private final ArrayDeque<SocketStream> connectedAtOnce = new ArrayDeque<>();

  /** @param later has something done on the link's thread, from any other */
  SocketOutside(Executor later) throws IOException {
    this.later = later;
    selector = Selector.open();
  }

  /** Waits until a channel is ready, somebody wakes this, or the time is over; then has done what is to be done. */
  void select(long milliseconds) throws IOException {
    if (milliseconds == 0 || !connectedAtOnce.isEmpty()) {
      selector.selectNow(SocketOutside::dispatch);
    } else {
      selector.select(SocketOutside::dispatch, milliseconds);
    }
    for (SocketStream stream = connectedAtOnce.poll(); stream != null; stream = connectedAtOnce.poll()) {
      stream.events.connected();
    }
  }

  void wakeup() {
    selector.wakeup();
  }

  private static void dispatch(SelectionKey key) {
    try {
      if (key.isValid()) {
        ((Ready) key.attachment()).ready(key);
      }
    } catch (IOException e) {
      // Whoever owns it finds the same when it reads or writes; one that nobody owns is closed.
      key.cancel();
    }
  }

  // ---- streams

  @Override
  public Stream connect(InetSocketAddress to, StreamEvents events) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      SocketStream stream = new SocketStream(channel);
      stream.events = events;
      if (channel.connect(to)) {
        connectedAtOnce.add(stream);
      } else {
        stream.key.interestOps(SelectionKey.OP_CONNECT);
      }
      return stream;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e instanceof IOException io ? io : new IOException(e);
    }
  }

  private static final StreamEvents NOBODY = new StreamEvents() {
    @Override
    public void connected() {}

    @Override
    public void failed(boolean refused) {}

    @Override
    public void ready() {}
  };

  private final class SocketStream implements Stream, Ready {
    private final SocketChannel channel;
    private final SelectionKey key;
    private StreamEvents events = NOBODY;
    private int interest;

    SocketStream(SocketChannel channel) throws IOException {
      this.channel = channel;
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      key = channel.register(selector, 0, this);
    }

    @Override
    public void ready(SelectionKey ready) {
      if (!ready.isConnectable()) {
        events.ready();
        return;
      }
      try {
        channel.finishConnect();
        key.interestOps(0);
        events.connected();
      } catch (ConnectException e) {
        events.failed(true);
      } catch (IOException e) {
        events.failed(false);
      }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      return channel.read(into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      return channel.write(from);
    }

    @Override
    public void endOutput() throws IOException {
      channel.shutdownOutput();
    }

    @Override
    public void want(boolean read, boolean write) {
      int wanted = (read ? SelectionKey.OP_READ : 0) | (write ? SelectionKey.OP_WRITE : 0);
      if (wanted != interest && key.isValid()) {
        interest = wanted;
        key.interestOps(wanted);
      }
    }

    @Override
    public void close(boolean abort) {
      events = NOBODY;
      try {
        if (abort) {
          channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
      } catch (IOException e) {
        // It is gone already.
      }
      SocketOutside.close(channel);
    }
  }

  /** Listens; whoever connects is offered to the acceptor. */
  ServerSocket listen(InetSocketAddress at, Acceptor acceptor) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    try {
      server.configureBlocking(false);
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(at);
      server.register(selector, SelectionKey.OP_ACCEPT, (Ready) key -> accept(server, acceptor));
      return server.socket();
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private void accept(ServerSocketChannel server, Acceptor acceptor) throws IOException {
    for (int i = 0; i < AT_ONCE; i++) {
      SocketChannel channel = server.accept();
      if (channel == null) {
        return;
      }
      SocketStream stream = new SocketStream(channel);
      StreamEvents events = acceptor.accept(stream, (InetSocketAddress) channel.getRemoteAddress());
      if (events == null) {
        stream.close(true);
      } else {
        stream.events = events;
      }
    }
  }

  // ---- datagrams

  @Override
  public Datagrams datagrams(DatagramEvents events) throws IOException {
    return datagrams(null, events);
  }

  /** A place to send datagrams from that is at an address of the host's. */
  Datagrams datagrams(InetSocketAddress at, DatagramEvents events) throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    try {
      channel.configureBlocking(false);
      channel.bind(at);
      channel.register(selector, SelectionKey.OP_READ, (Ready) key -> receive(channel, events));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    return new Datagrams() {
      @Override
      public void send(ByteBuffer bytes, InetSocketAddress to) {
        try {
          channel.send(bytes, to);
        } catch (IOException | RuntimeException e) {
          // A datagram may be lost: to a family or a size that the host doesn't have, or on no way at all.
        }
      }

      @Override
      public void close() {
        SocketOutside.close(channel);
      }
    };
  }

  private void receive(DatagramChannel channel, DatagramEvents events) throws IOException {
    for (int i = 0; i < AT_ONCE && channel.isOpen(); i++) {
      datagram.clear();
      InetSocketAddress from = (InetSocketAddress) channel.receive(datagram);
      if (from == null) {
        return;
      }
      events.datagram(datagram.array(), datagram.position(), from);
    }
  }

  // ---- echoes

  @Override
  public boolean echo(InternetAddress to, EchoAnswer answer) {
    Thread.ofVirtual().name("xenolith-echo").start(() -> {
      boolean reachable = false;
      try {
        // By ICMP where the host lets the JVM, else by whether something answers a connection (InetAddress.isReachable).
        reachable = to.inet().isReachable(ECHO_PATIENCE);
      } catch (IOException e) {
        // No way there: not reachable.
      }
      boolean yes = reachable;
      later.execute(() -> answer.answered(yes));
    });
    return true;
  }

  private static void close(AutoCloseable channel) {
    try {
      channel.close();
    } catch (Exception e) {
      // There is nothing more to be done with it.
    }
  }

  @Override
  public void close() {
    selector.keys().forEach(key -> close(key.channel()));
    close(selector);
  }
}
