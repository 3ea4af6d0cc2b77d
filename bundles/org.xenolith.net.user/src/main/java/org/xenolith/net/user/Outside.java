// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** What the gateway asks of the world: streams and datagrams. Sockets, or what a test puts in their place. Nothing here blocks. */
interface Outside {
  /** Begins to connect; the connection hears of the end of it. @throws IOException if that fails at once */
  Stream connect(InetSocketAddress to, StreamEvents events) throws IOException;

  /** A place to send datagrams from, to anybody. */
  Datagrams datagrams(DatagramEvents events) throws IOException;

  /** Asks whether a host answers an echo; the answer comes later. @return false if that can't be asked here, and no answer comes */
  boolean echo(InternetAddress to, EchoAnswer answer);

  /** Who hears whether a host answered an echo. */
  @FunctionalInterface
  interface EchoAnswer {
    void answered(boolean yes);
  }

  /** One stream. */
  interface Stream {
    /** Reads what is there. @return bytes, 0 for none, -1 for the end */
    int read(ByteBuffer into) throws IOException;

    /** Writes what there is room for. @return bytes */
    int write(ByteBuffer from) throws IOException;

    /** Nothing more will be written. */
    void endOutput() throws IOException;

    /** Which of readiness to read and to write are events. */
    void want(boolean read, boolean write);

    /** Closes it; an abort shows the other side a reset. */
    void close(boolean abort);
  }

  /** Who hears of a stream. */
  interface StreamEvents {
    void connected();

    /** It couldn't be connected. @param refused whether the other side said so, else there is no way to it */
    void failed(boolean refused);

    void ready();
  }

  /** A place to send datagrams from. */
  interface Datagrams {
    /** Sends one, or drops it if there is no room or no way. */
    void send(ByteBuffer bytes, InetSocketAddress to);

    void close();
  }

  /** Who hears of datagrams. */
  @FunctionalInterface
  interface DatagramEvents {
    /** A datagram came. @param bytes valid during the call only */
    void datagram(byte[] bytes, int length, InetSocketAddress from);
  }
}
