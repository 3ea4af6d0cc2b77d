// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An outside without sockets, in the hands of a test. */
final class Sockets implements Outside {
  static final InetSocketAddress FIRST = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.53"), 53);
  static final InetSocketAddress SECOND = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.54"), 5353);

  final List<Pipe> streams = new ArrayList<>();
  final List<Place> places = new ArrayList<>();
  final List<EchoAnswer> echoes = new ArrayList<>();
  boolean refuses;

  /** A stream whose outside is the test. */
  static final class Pipe implements Stream {
    InetSocketAddress to;
    StreamEvents events;
    final ByteArrayOutputStream written = new ByteArrayOutputStream();
    byte[] toRead = new byte[0];
    boolean endOfInput;
    boolean outputEnded;
    boolean closed;
    boolean aborted;
    boolean wantsRead;
    boolean wantsWrite;
    boolean broken;
    int takes = Integer.MAX_VALUE;

    void gives(byte[] bytes) {
      int had = toRead.length;
      toRead = Arrays.copyOf(toRead, had + bytes.length);
      System.arraycopy(bytes, 0, toRead, had, bytes.length);
      events.ready();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      if (broken) {
        throw new IOException("reset");
      }
      int count = Math.min(into.remaining(), toRead.length);
      into.put(toRead, 0, count);
      toRead = Arrays.copyOfRange(toRead, count, toRead.length);
      return count == 0 && endOfInput ? -1 : count;
    }

    @Override
    public int write(ByteBuffer from) {
      int count = Math.min(from.remaining(), takes);
      byte[] bytes = new byte[count];
      from.get(bytes);
      written.writeBytes(bytes);
      takes -= count;
      return count;
    }

    @Override
    public void endOutput() {
      outputEnded = true;
    }

    @Override
    public void want(boolean read, boolean write) {
      wantsRead = read;
      wantsWrite = write;
    }

    @Override
    public void close(boolean abort) {
      closed = true;
      aborted = abort;
    }
  }

  /** A datagram that was sent. */
  record Sent(byte[] bytes, InetSocketAddress to) {}

  static final class Place implements Datagrams {
    DatagramEvents events;
    final List<Sent> sent = new ArrayList<>();
    boolean closed;

    @Override
    public void send(ByteBuffer bytes, InetSocketAddress to) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      sent.add(new Sent(copy, to));
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Override
  public Stream connect(InetSocketAddress to, StreamEvents events) throws IOException {
    if (refuses) {
      throw new IOException("no way");
    }
    Pipe pipe = new Pipe();
    pipe.to = to;
    pipe.events = events;
    streams.add(pipe);
    return pipe;
  }

  @Override
  public Datagrams datagrams(DatagramEvents events) throws IOException {
    if (refuses) {
      throw new IOException("no sockets left");
    }
    Place place = new Place();
    place.events = events;
    places.add(place);
    return place;
  }

  @Override
  public boolean echo(InternetAddress to, EchoAnswer answer) {
    echoes.add(answer);
    return !refuses;
  }
}
