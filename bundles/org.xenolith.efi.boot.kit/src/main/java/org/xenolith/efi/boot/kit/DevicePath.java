// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;

/** Device paths in memory (UEFI 2.10, chapter 10): nodes one behind the other, each with type, subtype and length. */
public final class DevicePath {
  /** Hardware. */
  public static final int HARDWARE = 1;
  /** ACPI. */
  public static final int ACPI = 2;
  /** Messaging. */
  public static final int MESSAGING = 3;
  /** Media. */
  public static final int MEDIA = 4;
  /** End of a path, or of an instance of one. */
  public static final int END = 0x7F;
  /** Subtype of messaging: a station's address. */
  private static final int MAC = 11;
  /** Bytes that there are for one. */
  private static final int MAC_ROOM = 32;
  private static final int HEADER = 4;
  private static final byte[] LAST = {END, (byte) 0xFF, HEADER, 0};
  private static final int MOST = 1 << 16;

  private final ByteArrayOutputStream nodes = new ByteArrayOutputStream();

  /** A path that begins with all nodes of another one. @param bytes a path, with its end or without */
  public static DevicePath behind(byte[] bytes) {
    DevicePath path = new DevicePath();
    path.nodes.write(bytes, 0, length(bytes));
    return path;
  }

  /** Bytes of the nodes before the end. */
  private static int length(byte[] bytes) {
    int at = 0;
    while (at + HEADER <= bytes.length && (bytes[at] & 0xFF) != END) {
      at += Math.max(HEADER, bytes[at + 2] & 0xFF | (bytes[at + 3] & 0xFF) << 8);
    }
    return Math.min(at, bytes.length);
  }

  /** Adds a node. @throws IllegalArgumentException if a node can't have so much data */
  public DevicePath node(int type, int subtype, byte[] data) {
    int length = HEADER + data.length;
    if (length >= MOST) {
      throw new IllegalArgumentException("a node of " + length + " bytes; at most " + (MOST - 1) + " are possible");
    }
    nodes.write(type);
    nodes.write(subtype);
    nodes.write(length);
    nodes.write(length >> 8);
    nodes.writeBytes(data);
    return this;
  }

  /** Adds all nodes of another path. */
  public DevicePath append(DevicePath other) {
    nodes.writeBytes(other.nodes.toByteArray());
    return this;
  }

  /** A range of memory-mapped registers is not a node; a vendor's hardware with an address is (UEFI 2.10, 10.3.2.4). */
  public DevicePath vendor(int type, EfiGuid guid, byte[] data) {
    byte[] both = ByteBuffer.allocate(EfiGuid.SIZE + data.length).put(guid.toBytes()).put(data).array();
    return node(type, type == HARDWARE ? 4 : type == MESSAGING ? 10 : 3, both);
  }

  /** A serial line without parity and with one stop bit (UEFI 2.10, 10.3.4.12). @param baud bits a second; @param bits of a character */
  public DevicePath uart(long baud, int bits) {
    return node(MESSAGING, 14, ByteBuffer.allocate(15).order(ByteOrder.LITTLE_ENDIAN).putInt(0).putLong(baud).put((byte) bits).put((byte) 1)
        .put(
            (byte) 1).array());
  }

  /** A file (UEFI 2.10, 10.3.5.4). */
  public DevicePath file(String name) {
    return node(MEDIA, 4, Ucs2.bytes(name));
  }

  /** A partition (UEFI 2.10, 10.3.5.1). @param signature 16 bytes; @param format 1 MBR, 2 GPT */
  public DevicePath partition(int number, long first, long blocks, byte[] signature, int format) {
    return node(MEDIA, 1, ByteBuffer.allocate(38).order(ByteOrder.LITTLE_ENDIAN).putInt(number).putLong(first).putLong(blocks)
        .put(signature, 0, 16).put((byte) format).put((byte) format).array());
  }

  /** An image of a disc's boot catalogue (UEFI 2.10, 10.3.5.2). */
  public DevicePath disc(int entry, long first, long blocks) {
    return node(MEDIA, 2, ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).putInt(entry).putLong(first).putLong(blocks).array());
  }

  /** A station by its Ethernet address of 6 bytes (UEFI 2.10, 10.3.4.11). */
  public DevicePath ethernet(byte[] address) {
    return node(MESSAGING, MAC, ByteBuffer.allocate(MAC_ROOM + 1).put(address).put(MAC_ROOM, (byte) NetworkMode.ETHERNET).array());
  }

  /** The bytes, with the end. */
  public byte[] bytes() {
    byte[] all = nodes.toByteArray();
    return ByteBuffer.allocate(all.length + LAST.length).put(all).put(LAST).array();
  }

  /**
   * A path in a guest's memory, with its end: that has 4 bytes, whatever length it says.
   *
   * @throws EfiError INVALID_PARAMETER if it has none in 64 KiB, or a node that is shorter than its header
   */
  public static byte[] read(EfiRam memory, long address) {
    long at = address;
    while (memory.get8(at) != END || memory.get8(at + 1) != 0xFF) {
      int length = memory.get16(at + 2);
      if (length < HEADER || at - address > MOST) {
        throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(address) + ": no device path");
      }
      at += length;
    }
    byte[] path = memory.read(address, (int) (at - address) + HEADER);
    System.arraycopy(LAST, 0, path, path.length - HEADER, HEADER);
    return path;
  }
}
