// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.kit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.xenolith.net.api.EthernetPort;

/**
 * Ethernet frames as blocks of pcapng (draft-ietf-opsawg-pcapng, sections 4.1 to 4.3), little-endian: one section, an interface for each
 * port, times in nanoseconds.
 */
public final class FrameCapture {
  private static final int SECTION_HEADER = 0x0A0D0D0A;
  private static final int INTERFACE = 1;
  private static final int PACKET = 6;
  private static final int BYTE_ORDER = 0x1A2B3C4D;
  private static final int ETHERNET = 1;
  private static final int OPTION_END = 0;
  private static final int OPTION_FLAGS = 2;
  private static final int OPTION_NAME = 2;
  private static final int OPTION_RESOLUTION = 9;
  private static final int NANOSECONDS = 9;
  private static final int INBOUND = 1;
  private static final int OUTBOUND = 2;
  /** Type and length of a block. */
  private static final int HEAD = 8;
  /** Most bytes of a block besides a frame, or an interface's name. */
  private static final int FRAMING = 64;

  private final Target target;
  private final ByteBuffer block = ByteBuffer.allocate(EthernetPort.MOST + FRAMING).order(ByteOrder.LITTLE_ENDIAN);
  private int ports;

  /** Where the bytes go. */
  @FunctionalInterface
  public interface Target {
    /** Takes bytes, which are the caller's again afterwards. */
    void write(byte[] bytes, int offset, int length) throws IOException;
  }

  /** Begins a capture. */
  public FrameCapture(Target target) throws IOException {
    this.target = target;
    block.position(HEAD);
    block.putInt(BYTE_ORDER).putShort((short) 1).putShort((short) 0).putLong(-1);
    put(SECTION_HEADER);
  }

  private void put(int type) throws IOException {
    int length = block.position() + 4;
    block.putInt(length).putInt(0, type).putInt(4, length);
    target.write(block.array(), 0, length);
    block.clear();
  }

  private void option(int code, byte[] value) {
    block.putShort((short) code).putShort((short) value.length);
    padded(value, 0, value.length);
  }

  private void padded(byte[] value, int offset, int length) {
    block.put(value, offset, length);
    for (int i = -length & 3; i > 0; i--) {
      block.put((byte) 0);
    }
  }

  /** One more port, of which frames are. @return its number, from 0 on */
  public int port(String name) throws IOException {
    block.position(HEAD);
    block.putShort((short) ETHERNET).putShort((short) 0).putInt(0);
    option(OPTION_NAME, name.getBytes(StandardCharsets.UTF_8));
    option(OPTION_RESOLUTION, new byte[] {NANOSECONDS});
    option(OPTION_END, new byte[0]);
    put(INTERFACE);
    return ports++;
  }

  /**
   * A frame passes a port.
   *
   * @param time   in nanoseconds
   * @param sent   whether the port sends it; else it is delivered to it
   * @param length at most {@link EthernetPort#MOST} bytes
   */
  public void frame(int port, long time, boolean sent, byte[] bytes, int offset, int length) throws IOException {
    block.position(HEAD);
    block.putInt(port).putInt((int) (time >>> 32)).putInt((int) time).putInt(length).putInt(length);
    padded(bytes, offset, length);
    option(OPTION_FLAGS, new byte[] {(byte) (sent ? OUTBOUND : INBOUND), 0, 0, 0});
    option(OPTION_END, new byte[0]);
    put(PACKET);
  }
}
