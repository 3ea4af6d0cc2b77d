// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ninep.kit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Reads a message field by field. Names keep their bytes: each is a character of the text, as Linux' names have no encoding. */
public final class MessageReader {
  private final byte[] bytes;
  private final int end;
  private int at;

  /**
   * Reads a whole message, from behind its header on.
   *
   * @throws MalformedMessage if the bytes aren't one
   */
  public MessageReader(byte[] bytes) throws MalformedMessage {
    if (bytes.length < Message.HEADER || Message.size(bytes, 0) < Message.HEADER || Message.size(bytes, 0) > bytes.length) {
      throw new MalformedMessage("%d bytes are no message".formatted(bytes.length));
    }
    this.bytes = bytes;
    end = (int) Message.size(bytes, 0);
    at = Message.HEADER;
  }

  /** Its number. */
  public int number() {
    return Message.number(bytes, 0);
  }

  /** Its tag. */
  public int tag() {
    return Message.tag(bytes, 0);
  }

  private int take(int count) throws MalformedMessage {
    if (count > end - at) {
      throw new MalformedMessage("message %d ends in the middle of a field".formatted(number()));
    }
    int from = at;
    at += count;
    return from;
  }

  /** A field of a byte. */
  public int octet() throws MalformedMessage {
    return bytes[take(1)] & 0xFF;
  }

  /** A field of two bytes. */
  public int half() throws MalformedMessage {
    return (short) Message.SHORT.get(bytes, take(2)) & 0xFFFF;
  }

  /** A field of four bytes. */
  public int word() throws MalformedMessage {
    return (int) Message.INT.get(bytes, take(4));
  }

  /** A field of eight bytes. */
  public long wide() throws MalformedMessage {
    return (long) Message.LONG.get(bytes, take(8));
  }

  /** A text, a character a byte. */
  public String text() throws MalformedMessage {
    int length = half();
    return new String(bytes, take(length), length, ISO_8859_1);
  }

  /** Bytes behind their number in four bytes: where they begin. {@link #taken} says how many they are. */
  public int data() throws MalformedMessage {
    int length = word();
    if (length < 0) {
      throw new MalformedMessage("message %d has too much data".formatted(number()));
    }
    taken = length;
    return take(length);
  }

  private int taken;

  /** How many the latest {@link #data} were. */
  public int taken() {
    return taken;
  }

  /** Bytes that weren't read. */
  public int left() {
    return end - at;
  }
}
