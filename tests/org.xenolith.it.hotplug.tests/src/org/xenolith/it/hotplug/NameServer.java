// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A name server (RFC 1035) at a port of the loopback, by UDP and TCP. It knows {@code host.test} with an address of each kind, {@code large.test}, whose answer it says is too large for UDP, and
 * says nothing of {@code silent.test}; nobody else is there.
 */
final class NameServer implements AutoCloseable {
  static final int A = 1;
  static final int AAAA = 28;
  private static final int NO_SUCH_NAME = 3;
  private static final int HEADER = 12;

  private final ServerSocket streams;
  private final DatagramSocket datagrams;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  NameServer() throws IOException {
    streams = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    datagrams = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), streams.getLocalPort()));
    Thread.ofPlatform().daemon().name("test's names").start(this::byDatagrams);
    Thread.ofPlatform().daemon().name("test's names by TCP").start(this::byStreams);
  }

  int port() {
    return streams.getLocalPort();
  }

  /** Of each question how it came, its name and its type's number. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  private void byDatagrams() {
    byte[] bytes = new byte[2048];
    while (!datagrams.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
        datagrams.receive(packet);
        byte[] answer = answer(ByteBuffer.wrap(bytes, 0, packet.getLength()), true);
        if (answer.length > 0) {
          datagrams.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      } catch (IOException e) {
        // The test is over, or the guest's socket is gone: it says what it heard.
      }
    }
  }

  private void byStreams() {
    while (!streams.isClosed()) {
      try (Socket client = streams.accept()) {
        client.setSoTimeout(20_000);
        DataInputStream in = new DataInputStream(client.getInputStream());
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        // Clients ask for both kinds of addresses by one connection, and end it.
        for (;;) {
          byte[] question = new byte[in.readUnsignedShort()];
          in.readFully(question);
          byte[] answer = answer(ByteBuffer.wrap(question), false);
          out.writeShort(answer.length);
          out.write(answer);
          out.flush();
        }
      } catch (IOException e) {
        // As above.
      }
    }
  }

  private byte[] answer(ByteBuffer question, boolean byDatagram) throws IOException {
    question.position(HEADER);
    StringBuilder name = new StringBuilder();
    for (int length = question.get(); length > 0; length = question.get()) {
      byte[] label = new byte[length];
      question.get(label);
      name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
    }
    int type = question.getShort();
    question.getShort();
    asked.add((byDatagram ? "UDP " : "TCP ") + name + " " + type);
    boolean truncated = byDatagram && name.toString().equals("large.test");
    byte[] address = switch (name + " " + type) {
      case "host.test 1" -> new byte[] {(byte) 192, 0, 2, 7};
      case "host.test 28" -> InetAddress.getByName("2001:db8::7").getAddress();
      case "large.test 1" -> new byte[] {10, 0, 2, 2};
      default -> new byte[0];
    };
    boolean known = List.of("host.test", "large.test").contains(name.toString());
    if (name.toString().equals("silent.test")) {
      return new byte[0];
    }
    boolean answers = address.length > 0 && !truncated;
    ByteBuffer answer = ByteBuffer.allocate(512);
    answer.putShort(question.getShort(0)).putShort((short) (0x8180 | (truncated ? 0x200 : 0) | (known ? 0 : NO_SUCH_NAME)));
    answer.putShort((short) 1).putShort((short) (answers ? 1 : 0)).putInt(0);
    answer.put(question.array(), HEADER, question.position() - HEADER);
    if (answers) {
      // The name is where the question has it.
      answer.putShort((short) (0xC000 | HEADER)).putShort((short) type).putShort((short) 1).putInt(60);
      answer.putShort((short) address.length).put(address);
    }
    byte[] bytes = new byte[answer.position()];
    answer.flip().get(bytes);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    streams.close();
    datagrams.close();
  }
}
