// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.xenolith.machine.control.Machine;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.net.api.FrameSink;
import org.xenolith.net.api.NetworkNodes;
import org.xenolith.net.api.StationPort;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/**
 * A station at a machine's switch that answers as a boot server does: ARP (RFC 826), echo (RFC 862), DHCP (RFC 2131) and one file by TFTP (RFC 1350, 2347 to 2349). It works through the frames themselves, in the machine's virtual time.
 */
public final class BootServer implements FrameSink {
  /** Its address, and the one that it gives. */
  public static final String ADDRESS = "10.0.0.1";
  public static final String LEASE = "10.0.0.2";
  private static final byte[] STATION = {0x52, 0x54, 0, 0, 0, (byte) 0xFE};
  private static final byte[] SERVER = {10, 0, 0, 1};
  private static final byte[] CLIENT = {10, 0, 0, 2};
  private static final int ETHERNET = 14;
  private static final int IP = 20;
  private static final int UDP = 8;
  private static final int OF_UDP = 17;
  private static final int ECHO = 7;
  private static final int DHCP = 67;
  private static final int TFTP = 69;
  private static final int TRANSFER = 3000;
  private static final int COOKIE = 0x6382_5363;

  private final String name;
  private final byte[] file;
  private final TreeSet<String> seen = new TreeSet<>();
  private StationPort station;
  private int block = 512;

  /** A server of a file. */
  public BootServer(String name, byte[] file) {
    this.name = name;
    this.file = file.clone();
  }

  /** Plugs it into a machine without a hypervisor. */
  public BootServer plug(Machine machine) {
    FakeContext owner = new FakeContext(FakeNode.at("/server").build());
    station = machine.port("/ethernet", EthernetPort.class).join(NetworkNodes.FIRST, "server", this, owner);
    return this;
  }

  /** What it was asked for, each once. */
  public List<String> seen() {
    return List.copyOf(seen);
  }

  @Override
  public void frame(byte[] bytes, int offset, int length, int offload, int segment) {
    byte[] frame = Arrays.copyOfRange(bytes, offset, offset + length);
    ByteBuffer in = ByteBuffer.wrap(frame);
    int type = in.getShort(12) & 0xFFFF;
    if (type == 0x0806 && length >= 42 && in.getShort(20) == 1 && Arrays.equals(frame, 38, 42, SERVER, 0, 4)) {
      resolve(frame);
    } else if (type == 0x0800 && length >= ETHERNET + IP + UDP && frame[ETHERNET] == 0x45 && frame[ETHERNET + 9] == OF_UDP) {
      datagram(frame);
    }
  }

  private void resolve(byte[] asked) {
    seen.add("arp");
    byte[] answer = ByteBuffer.allocate(60).put(asked, 6, 6).put(STATION).put(asked, 12, 8).putShort((short) 2).put(STATION).put(SERVER)
        .put(
            asked, 22, 10).array();
    station.send(answer, 0, answer.length);
  }

  private void datagram(byte[] frame) {
    ByteBuffer in = ByteBuffer.wrap(frame);
    int port = in.getShort(ETHERNET + IP + 2) & 0xFFFF;
    int length = (in.getShort(ETHERNET + IP + 4) & 0xFFFF) - UDP;
    int at = ETHERNET + IP + UDP;
    if (length < 4 || at + length > frame.length) {
      return;
    }
    byte[] data = Arrays.copyOfRange(frame, at, at + length);
    switch (port) {
      case ECHO -> {
        seen.add("echo");
        send(frame, CLIENT, ECHO, in.getShort(ETHERNET + IP) & 0xFFFF, data);
      }
      case DHCP -> lease(frame, data);
      case TFTP -> request(frame, data);
      case TRANSFER -> {
        if (data[1] == 4) {
          block(frame, (ByteBuffer.wrap(data).getShort(2) & 0xFFFF) + 1);
        }
      }
      default -> seen.add("port " + port);
    }
  }

  private void lease(byte[] frame, byte[] asked) {
    if (asked.length < 240 || ByteBuffer.wrap(asked).getInt(236) != COOKIE) {
      return;
    }
    int kind = 0;
    for (int at = 240; at + 2 < asked.length && (asked[at] & 0xFF) != 0xFF; at += asked[at] == 0 ? 1 : 2 + (asked[at + 1] & 0xFF)) {
      kind = asked[at] == 53 ? asked[at + 2] : kind;
    }
    seen.add("dhcp " + kind);
    ByteBuffer out = ByteBuffer.allocate(300).put(asked, 0, 28).put(asked, 28, 16);
    out.put(0, (byte) 2).put(16, CLIENT).put(20, SERVER).putInt(236, COOKIE).position(240);
    out.put(new byte[] {53, 1, (byte) (kind == 1 ? 2 : 5), 54, 4}).put(SERVER).put(new byte[] {1, 4, -1, -1, -1, 0, 3, 4}).put(SERVER).put(
        new byte[] {51, 4, 0, 0, 14, 16, -1});
    send(frame, CLIENT, DHCP, 68, out.array());
  }

  private void request(byte[] frame, byte[] data) {
    String[] words = new String(data, 2, data.length - 2, StandardCharsets.US_ASCII).split("\0");
    seen.add("tftp " + words[0]);
    int client = ByteBuffer.wrap(frame).getShort(ETHERNET + IP) & 0xFFFF;
    if (data[1] != 1 || !words[0].replaceFirst("^/+", "").equals(name)) {
      send(frame, CLIENT, TRANSFER, client, "\0\5\0\1not here\0".getBytes(StandardCharsets.US_ASCII));
      return;
    }
    StringBuilder taken = new StringBuilder("\0\6");
    for (int i = 2; i + 1 < words.length; i += 2) {
      if (words[i].equals("blksize")) {
        block = Integer.parseInt(words[i + 1]);
        taken.append("blksize\0").append(block).append('\0');
      } else if (words[i].equals("tsize")) {
        taken.append("tsize\0").append(file.length).append('\0');
      }
    }
    send(frame, CLIENT, TRANSFER, client, taken.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private void block(byte[] frame, int number) {
    int at = (number - 1) * block;
    if (at <= file.length) {
      byte[] piece = Arrays.copyOfRange(file, at, Math.min(file.length, at + block));
      send(frame, CLIENT, TRANSFER, ByteBuffer.wrap(frame).getShort(ETHERNET + IP) & 0xFFFF, ByteBuffer.allocate(4 + piece.length).putShort(
          (short) 3).putShort((short) number).put(piece).array());
    }
  }

  /** Sends a datagram to the station that sent a frame. */
  private void send(byte[] to, byte[] address, int from, int port, byte[] data) {
    byte[] all = ByteBuffer.allocate(UDP + data.length).putShort((short) from).putShort((short) port).putShort((short) (UDP + data.length))
        .putShort((short) 0).put(data).array();
    byte[] pseudo = ByteBuffer.allocate(12 + all.length).put(SERVER).put(address).putShort((short) OF_UDP).putShort((short) all.length).put(
        all)
        .array();
    int sum = sum(pseudo);
    ByteBuffer.wrap(all).putShort(6, (short) (sum == 0 ? 0xFFFF : sum));
    packet(to, address, OF_UDP, all);
  }

  private void packet(byte[] to, byte[] address, int protocol, byte[] payload) {
    byte[] header = ByteBuffer.allocate(IP).put((byte) 0x45).put((byte) 0).putShort((short) (IP + payload.length)).putInt(0x4000).put(
        (byte) 64).put((byte) protocol).putShort((short) 0).put(SERVER).put(address).array();
    ByteBuffer.wrap(header).putShort(10, (short) sum(header));
    byte[] out = ByteBuffer.allocate(Math.max(60, ETHERNET + IP + payload.length)).put(to, 6, 6).put(STATION).putShort((short) 0x0800).put(
        header).put(payload).array();
    station.send(out, 0, out.length);
  }

  /** The checksum of IP and what is above (RFC 1071). */
  private static int sum(byte[] bytes) {
    int sum = 0;
    for (int i = 0; i < bytes.length; i++) {
      sum += (bytes[i] & 0xFF) << (i % 2 == 0 ? 8 : 0);
    }
    while (sum >> 16 != 0) {
      sum = (sum & 0xFFFF) + (sum >> 16);
    }
    return ~sum & 0xFFFF;
  }
}
