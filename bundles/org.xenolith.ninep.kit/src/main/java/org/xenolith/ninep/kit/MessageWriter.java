// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ninep.kit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/** Writes a message field by field; it grows as it must. */
public final class MessageWriter {
  private byte[] bytes;
  private int at;

  /** @param expected bytes of the message */
  public MessageWriter(int expected) {
    bytes = new byte[Math.max(expected, Message.HEADER)];
  }

  /** Begins a message, in the place of what was written. */
  public MessageWriter begin(int number, int tag) {
    at = 4;
    return octet(number).half(tag);
  }

  /** Begins a reply. */
  public MessageWriter reply(MessageType type, int tag) {
    return begin(type.reply(), tag);
  }

  /** Begins a request. */
  public MessageWriter request(MessageType type, int tag) {
    return begin(type.request(), tag);
  }

  private int room(int count) {
    if (at + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(at + count, 2 * bytes.length));
    }
    int from = at;
    at += count;
    return from;
  }

  /** A field of a byte. */
  public MessageWriter octet(int value) {
    int from = room(1); // first: it may be another array then
    bytes[from] = (byte) value;
    return this;
  }

  /** A field of two bytes. */
  public MessageWriter half(int value) {
    int from = room(2);
    Message.SHORT.set(bytes, from, (short) value);
    return this;
  }

  /** A field of four bytes. */
  public MessageWriter word(int value) {
    int from = room(4);
    Message.INT.set(bytes, from, value);
    return this;
  }

  /** A field of eight bytes. */
  public MessageWriter wide(long value) {
    int from = room(8);
    Message.LONG.set(bytes, from, value);
    return this;
  }

  /** A text of at most 65535 characters, each a byte. */
  public MessageWriter text(String value) {
    half(value.length());
    int from = room(value.length());
    System.arraycopy(value.getBytes(ISO_8859_1), 0, bytes, from, value.length());
    return this;
  }

  /** What a file is known by. */
  public MessageWriter qid(Qid qid) {
    return octet(qid.type()).word(qid.version()).wide(qid.path());
  }

  /** Bytes behind their number. */
  public MessageWriter data(byte[] from, int offset, int length) {
    word(length);
    int to = room(length);
    System.arraycopy(from, offset, bytes, to, length);
    return this;
  }

  /** Makes room for data behind their number: where they are to be put, in {@link #array}. */
  public int data(int length) {
    word(length);
    return room(length);
  }

  /** Where the message is written now; another one after the next field. */
  public byte[] array() {
    return bytes;
  }

  /** Bytes by now. */
  public int length() {
    return at;
  }

  /** The message, with its size. */
  public byte[] bytes() {
    Message.INT.set(bytes, 0, at);
    return bytes.length == at ? bytes : Arrays.copyOf(bytes, at);
  }
}
