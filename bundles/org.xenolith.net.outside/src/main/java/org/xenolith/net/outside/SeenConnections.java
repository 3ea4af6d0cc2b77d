// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.outside;

import java.util.Arrays;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.net.kit.FrameBatch;
import org.xenolith.net.kit.TcpFrame;
import org.xenolith.regs.DeviceState;

/**
 * The connections of TCP that guests have with the outside, the latest {@link #MOST} of them. They are state: who goes on from a state in
 * another place, where the outside knows nothing of them, can have guests find that out.
 */
final class SeenConnections {
  static final int MOST = 64;
  /** Of each: what it is, then the headers of the guest's latest segment, those of IPv4 without options. */
  private static final int ENTRY = 80;
  private static final int FRAME = 2;
  private static final byte NONE = 0;
  private static final byte LIVE = 1;
  /** The guest has ended its direction, and may have ended both. */
  private static final byte ENDED = 2;

  private final byte[] entries;
  private final int[] next;
  /** Where the latest was found: most frames are of the same connection as the one before. */
  private int latest;

  SeenConnections(DeviceState state) {
    entries = state.bytes("connections", MOST * ENTRY);
    next = state.ints("next-connection", 1);
    state.added("connections");
    state.added("next-connection");
  }

  /** A guest sends a frame. */
  void sent(byte[] bytes, int offset, int length) {
    int header = TcpFrame.header(bytes, offset, length);
    if (header < 0) {
      return;
    }
    int flags = TcpFrame.flags(bytes, header);
    int place = find(bytes, offset, header);
    if (place >= 0 && (flags & (TcpFrame.RST | TcpFrame.SYN)) != 0) {
      entries[place * ENTRY] = NONE;
    }
    if ((flags & TcpFrame.RST) == 0 && (flags & TcpFrame.ACK) != 0 && (bytes[offset] & 1) == 0) {
      // Who only asks for a connection asks again, and hears then that nobody is there.
      put(place >= 0 ? place : free(), bytes, offset, header, (flags & TcpFrame.FIN) != 0 ? ENDED : LIVE);
    }
  }

  private void put(int place, byte[] bytes, int offset, int header, byte kind) {
    int at = place * ENTRY;
    int length = headersBeforeTcp(bytes, offset);
    entries[at] = entries[at] == ENDED ? ENDED : kind;
    System.arraycopy(bytes, offset, entries, at + FRAME, length);
    System.arraycopy(bytes, header, entries, at + FRAME + length, 12);
    latest = place;
  }

  /** Ethernet's, and IP's without options. */
  private static int headersBeforeTcp(byte[] bytes, int offset) {
    return EthernetPort.HEADER + (TcpFrame.addressesLength(bytes, offset) == 8 ? 20 : 40);
  }

  private int find(byte[] bytes, int offset, int header) {
    if (is(latest, bytes, offset, header)) {
      return latest;
    }
    for (int place = 0; place < MOST; place++) {
      if (is(place, bytes, offset, header)) {
        return place;
      }
    }
    return -1;
  }

  private boolean is(int place, byte[] bytes, int offset, int header) {
    int at = place * ENTRY;
    if (entries[at] == NONE) {
      return false;
    }
    int frame = at + FRAME;
    int tcp = frame + headersBeforeTcp(entries, frame);
    int addresses = TcpFrame.addresses(bytes, offset);
    int own = TcpFrame.addresses(entries, frame);
    int length = TcpFrame.addressesLength(bytes, offset);
    return entries[tcp + 1] == bytes[header + 1] && Arrays.equals(entries, tcp, tcp + 4, bytes, header, header + 4) && length == TcpFrame
        .addressesLength(entries, frame) && Arrays.equals(entries, own, own + length, bytes, addresses, addresses + length);
  }

  /** A place for one more: a free one, else that of one that has ended, else the one whose turn it is. */
  private int free() {
    int ended = -1;
    for (int place = 0; place < MOST; place++) {
      byte kind = entries[place * ENTRY];
      if (kind == NONE) {
        return place;
      }
      ended = ended < 0 && kind == ENDED ? place : ended;
    }
    int place = ended;
    if (place < 0) {
      place = next[0];
      next[0] = (place + 1) % MOST;
    }
    entries[place * ENTRY] = NONE;
    return place;
  }

  /**
   * A segment for each that the guest answers with where it is, as to one that keeps a connection alive (RFC 9293 3.8.4): the answer to its
   * answer tells it that nobody is there any more.
   */
  byte[] questions() {
    FrameBatch batch = new FrameBatch();
    for (int place = 0; place < MOST; place++) {
      int frame = place * ENTRY + FRAME;
      if (entries[place * ENTRY] != NONE) {
        int tcp = frame + headersBeforeTcp(entries, frame);
        byte[] question = TcpFrame.answer(entries, frame, tcp, TcpFrame.word(entries, tcp + 8) - 1, TcpFrame.word(entries, tcp + 4),
            TcpFrame.ACK);
        batch.add(question, 0, question.length, 0, 0);
      }
    }
    return batch.take();
  }
}
