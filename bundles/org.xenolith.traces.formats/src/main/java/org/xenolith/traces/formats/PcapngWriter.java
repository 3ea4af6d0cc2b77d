// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.formats;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.xenolith.traces.api.TraceEvent;
import org.xenolith.traces.api.TraceWriter;

/** Writes blocks of pcapng (draft-ietf-opsawg-pcapng, sections 4.1 to 4.3), little-endian: an interface for each port, times in virtual nanoseconds. */
final class PcapngWriter implements TraceWriter {
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

  private final CountedFile file;
  private final Map<String, Integer> interfaces = new HashMap<>();
  private final PacketBuffer body = new PacketBuffer();
  private final PacketBuffer block = new PacketBuffer();

  PcapngWriter(CountedFile file) throws IOException {
    this.file = file;
    body.number(BYTE_ORDER, 4);
    body.number(1, 2);
    body.number(0, 2);
    body.number(-1, 8);
    put(SECTION_HEADER);
  }

  private void put(int type) throws IOException {
    int length = body.length() + 12;
    block.clear();
    block.number(type, 4);
    block.number(length, 4);
    block.raw(body.bytes(), body.length());
    block.number(length, 4);
    file.write(block.bytes(), 0, block.length());
    body.clear();
  }

  private void option(int code, byte[] value) {
    body.number(code, 2);
    body.number(value.length, 2);
    padded(value);
  }

  private void padded(byte[] value) {
    body.raw(value, value.length);
    body.number(0, -value.length & 3);
  }

  private int number(String port) throws IOException {
    Integer known = interfaces.get(port);
    if (known != null) {
      return known;
    }
    body.number(ETHERNET, 2);
    body.number(0, 2);
    body.number(0, 4);
    option(OPTION_NAME, port.getBytes(StandardCharsets.UTF_8));
    option(OPTION_RESOLUTION, new byte[] {NANOSECONDS});
    option(OPTION_END, new byte[0]);
    put(INTERFACE);
    interfaces.put(port, interfaces.size());
    return interfaces.size() - 1;
  }

  @Override
  public void write(TraceEvent event) throws IOException {
    byte[] frame = (byte[]) event.values().get(event.kind().fields().indexOf(PcapngFormat.FRAME));
    boolean sent = (Long) event.values().get(event.kind().fields().indexOf(PcapngFormat.SENT)) != 0;
    int port = number(event.device());
    body.number(port, 4);
    body.number(event.time() >>> 32, 4);
    body.number(event.time(), 4);
    body.number(frame.length, 4);
    body.number(frame.length, 4);
    padded(frame);
    option(OPTION_FLAGS, new byte[] {(byte) (sent ? OUTBOUND : INBOUND), 0, 0, 0});
    option(OPTION_END, new byte[0]);
    put(PACKET);
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public void close(long dropped) throws IOException {
    file.close();
  }
}
