// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.kit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * SMBIOS structures one behind the other, each with its strings, and the entry point before them. Source: DMTF DSP0134 3.0.0, 5.2.2 and 6.1.
 */
public final class SmbiosTable {
  private static final int HEADER = 4;
  /** Bytes of an entry point. */
  public static final int ENTRY_POINT = 24;
  private static final int END = 127;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** A structure that is being made: strings are named by their numbers, from 1 on. */
  public static final class Strings {
    private final List<String> texts = new ArrayList<>();

    /** The number of a string, which is one of its own each time; 0 for none. */
    public byte number(String text) {
      if (text.isEmpty()) {
        return 0;
      }
      texts.add(text);
      return (byte) texts.size();
    }
  }

  /**
   * Adds a structure.
   *
   * @param length bytes of its formatted part, the header among them
   * @param fields puts the fields behind the header, in their order; what is left out is zero
   */
  public SmbiosTable add(int type, int handle, int length, BiConsumer<ByteBuffer, Strings> fields) {
    ByteBuffer formatted = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    formatted.put((byte) type).put((byte) length).putShort((short) handle);
    Strings strings = new Strings();
    fields.accept(formatted, strings);
    bytes.writeBytes(formatted.array());
    for (String text : strings.texts) {
      bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
      bytes.write(0);
    }
    if (strings.texts.isEmpty()) {
      bytes.write(0);
    }
    bytes.write(0);
    return this;
  }

  /** All structures, with the one that ends them. */
  public byte[] structures() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(bytes.toByteArray());
    all.writeBytes(new byte[] {END, HEADER, END, 0, 0, 0});
    return all.toByteArray();
  }

  /**
   * The entry point of version 3.
   *
   * @param length  bytes of the structures
   * @param address where they are; 0: firmware puts that in, and adds up anew
   */
  public static byte[] entryPoint(int length, long address) {
    ByteBuffer entry = ByteBuffer.allocate(ENTRY_POINT).order(ByteOrder.LITTLE_ENDIAN);
    entry.put("_SM3_".getBytes(StandardCharsets.US_ASCII)).put((byte) 0).put((byte) ENTRY_POINT).put((byte) 3).put((byte) 0).put((byte) 0)
        .put((byte) 1).put((byte) 0).putInt(length).putLong(address);
    byte sum = 0;
    for (byte each : entry.array()) {
      sum += each;
    }
    return entry.put(5, (byte) -sum).array();
  }
}
