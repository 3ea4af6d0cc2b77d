// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockPort;

/** The only namespace, which is active while a disk is attached. */
final class Namespace {
  /** Its identifier. */
  static final int ID = 1;
  /** The identifier that means all namespaces. */
  static final int ALL = -1;

  private final BlockPort port;
  private final String unnamed;

  /** @param instance where the controller is, for disks that have no name of their own: no two controllers are to have one serial number */
  Namespace(BlockPort port, String instance) {
    this.port = port;
    CRC32 place = new CRC32();
    place.update(instance.getBytes(StandardCharsets.UTF_8));
    unnamed = "xenolith-%08x".formatted(place.getValue());
  }

  boolean isActive() { return port.device() != null; }

  /** The disk; null while the namespace isn't active. */
  BlockDevice disk() {
    return port.device();
  }

  /** What a command for a namespace gets; an identifier without a disk is inactive, not invalid (NVM Express 1.4, 6.1.4). */
  Status check(int id) {
    return id != ID ? Status.INVALID_NAMESPACE : isActive() ? Status.SUCCESS : Status.INVALID_FIELD;
  }

  /** Whether the disk has these blocks. */
  boolean holds(long block, long count) {
    long blocks = port.device().sectors();
    return block >= 0 && block <= blocks && count <= blocks - block;
  }

  /** A text as fields of a fixed length have it: ASCII, filled with spaces. */
  static byte[] text(String text, int length) {
    byte[] field = new byte[length];
    Arrays.fill(field, (byte) ' ');
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, field, 0, Math.min(bytes.length, length));
    return field;
  }

  /** The serial number: the disk's, or one that follows from the controller's place. */
  String serial() {
    return port.identity() == null || port.identity().isEmpty() ? unnamed : port.identity();
  }

  /** Puts an identifier of 16 bytes that follows from the serial number, so that every run has the same. */
  void putUuid(ByteBuffer into, int at) {
    UUID uuid = UUID.nameUUIDFromBytes(("xenolith,pci-nvme:" + serial()).getBytes(StandardCharsets.UTF_8));
    into.putLong(at, Long.reverseBytes(uuid.getMostSignificantBits()));
    into.putLong(at + 8, Long.reverseBytes(uuid.getLeastSignificantBits()));
  }
}
