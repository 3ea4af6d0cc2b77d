// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;

/** Small disk images that are right, one of each kind, for inputs to change; and their sums made right again. */
final class SmallImages {
  static final int VHDX_TABLE = 3 << 20;
  static final int VHDX_METADATA = 2 << 20;
  static final int VHDX_ITEMS = VHDX_METADATA + (64 << 10);
  private static final int VHDX_HEADER = 64 << 10;
  private static final int VHDX_REGIONS = 192 << 10;
  private static final int CLUSTER = 4096;

  private SmallImages() {}

  /** Of version 3 with clusters of 4 KiB: one that is there, one packed, one of zeros, one that isn't there. */
  static byte[] qcow2() {
    ByteBuffer image = ByteBuffer.allocate(8 * CLUSTER);
    image.putInt(0, 0x5146_49FB).putInt(4, 3).putInt(20, 12).putLong(24, 1 << 20).putInt(36, 1).putLong(40, 3 * CLUSTER).putLong(48,
        CLUSTER)
        .putInt(56, 1).putInt(96, 4).putInt(100, 112).putLong(CLUSTER, 2 * CLUSTER);
    for (int i = 0; i < 8; i++) {
      image.putShort(2 * CLUSTER + 2 * i, (short) 1);
    }
    byte[] packed = packed(false);
    image.putLong(3 * CLUSTER, 4 * CLUSTER | 1L << 63).putLong(4 * CLUSTER, 5 * CLUSTER | 1L << 63).putLong(4 * CLUSTER + 8, 1L << 62 | 6
        * CLUSTER).putLong(4 * CLUSTER + 16, 1).put(6 * CLUSTER, packed);
    Arrays.fill(image.array(), 5 * CLUSTER, 6 * CLUSTER, (byte) 'c');
    return image.array();
  }

  private static byte[] packed(boolean header) {
    Deflater deflater = new Deflater(9, !header);
    byte[] content = new byte[CLUSTER];
    Arrays.fill(content, (byte) 'p');
    deflater.setInput(content);
    deflater.finish();
    byte[] packed = new byte[CLUSTER];
    int size = deflater.deflate(packed);
    deflater.end();
    return Arrays.copyOf(packed, size);
  }

  /** With blocks of 4 KiB: two, of which the second isn't there. */
  static byte[] vhd(boolean dynamic) {
    ByteBuffer image = ByteBuffer.allocate(dynamic ? 512 + 1024 + 512 + 512 + CLUSTER + 512 : 2 * CLUSTER + 512);
    int footer = image.limit() - 512;
    for (int at : dynamic ? new int[] {0, footer} : new int[] {footer}) {
      image.put(at, "conectix".getBytes(StandardCharsets.US_ASCII)).putInt(at + 8, 2).putInt(at + 12, 0x10000).putLong(at + 16, dynamic
          ? 512
          : -1).put(at + 28, "win ".getBytes(StandardCharsets.US_ASCII)).putLong(at + 40, 2 * CLUSTER).putLong(at + 48, 2 * CLUSTER).putInt(
              at + 60, dynamic ? 3 : 2);
    }
    if (dynamic) {
      image.put(512, "cxsparse".getBytes(StandardCharsets.US_ASCII)).putLong(520, -1).putLong(528, 1536).putInt(536, 0x10000).putInt(540, 2)
          .putInt(544, CLUSTER).putInt(1536, 2048 / 512).putInt(1540, -1);
    }
    return image.array();
  }

  /** Makes the sums right of whatever the footers and the header have become. */
  static byte[] summedVhd(byte[] image) {
    ByteBuffer bytes = ByteBuffer.wrap(image);
    sum(bytes, 0, 512, 64, "conectix");
    sum(bytes, image.length - 512, 512, 64, "conectix");
    sum(bytes, 512, 1024, 36, "cxsparse");
    return image;
  }

  private static void sum(ByteBuffer bytes, int at, int length, int sumAt, String mark) {
    if (at < 0 || at > bytes.limit() - length || bytes.get(at) != mark.charAt(0)) {
      return;
    }
    int sum = 0;
    for (int i = 0; i < length; i++) {
      sum += i >= sumAt && i < sumAt + 4 ? 0 : bytes.get(at + i) & 0xFF;
    }
    bytes.putInt(at + sumAt, ~sum);
  }

  /** With blocks of 1 MiB: two, of which the second is zeros. */
  static byte[] vhdx() {
    ByteBuffer image = ByteBuffer.allocate(5 << 20).order(ByteOrder.LITTLE_ENDIAN);
    image.put(0, "vhdxfile".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < 2; i++) {
      int header = VHDX_HEADER + i * VHDX_HEADER;
      image.put(header, "head".getBytes(StandardCharsets.US_ASCII)).putLong(header + 8, 7 - i).putShort(header + 66, (short) 1);
      int regions = VHDX_REGIONS + i * VHDX_HEADER;
      image.put(regions, "regi".getBytes(StandardCharsets.US_ASCII)).putInt(regions + 8, 2);
      id(image, regions + 16, "2dc27766-f623-4200-9d64-115e9bfd4a08").putLong(regions + 32, VHDX_TABLE).putInt(regions + 40, 1 << 20)
          .putInt(
              regions + 44, 1);
      id(image, regions + 48, "8b7ca206-4790-4b9a-b8fe-575f050f886e").putLong(regions + 64, VHDX_METADATA).putInt(regions + 72, 1 << 20)
          .putInt(regions + 76, 1);
    }
    image.put(VHDX_METADATA, "metadata".getBytes(StandardCharsets.US_ASCII)).putShort(VHDX_METADATA + 10, (short) 3);
    item(image, 0, "caa16737-fa36-4d43-b3b6-33f0aa44e76b", 8, 1 << 20);
    item(image, 1, "2fa54224-cd1b-4876-b211-5dbed83bf4b8", 8, 2 << 20);
    item(image, 2, "8141bf1d-a96f-4709-ba47-f233a8faab5f", 4, 512);
    image.putLong(VHDX_TABLE, 4 << 20 | 6).putLong(VHDX_TABLE + 8, 2);
    return image.array();
  }

  private static ByteBuffer id(ByteBuffer image, int at, String id) {
    UUID uuid = UUID.fromString(id);
    image.putInt(at, (int) (uuid.getMostSignificantBits() >>> 32)).putShort(at + 4, (short) (uuid.getMostSignificantBits() >>> 16))
        .putShort(at
            + 6, (short) uuid.getMostSignificantBits());
    image.order(ByteOrder.BIG_ENDIAN).putLong(at + 8, uuid.getLeastSignificantBits());
    return image.order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void item(ByteBuffer image, int index, String id, int bytes, long value) {
    int at = VHDX_METADATA + 32 + index * 32;
    id(image, at, id).putInt(at + 16, VHDX_ITEMS - VHDX_METADATA + index * 8).putInt(at + 20, bytes).putInt(at + 24, 4).putLong(VHDX_ITEMS
        + index * 8, value);
  }

  /** Makes the sums right of whatever headers and tables of regions have become. */
  static byte[] summedVhdx(byte[] image) {
    ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    for (int[] part : new int[][] {{VHDX_HEADER, 4096}, {2 * VHDX_HEADER, 4096}, {VHDX_REGIONS, 65536}, {VHDX_REGIONS + VHDX_HEADER,
        65536}}) {
      if (part[0] + part[1] <= image.length) {
        bytes.putInt(part[0] + 4, 0);
        CRC32C sum = new CRC32C();
        sum.update(image, part[0], part[1]);
        bytes.putInt(part[0] + 4, (int) sum.getValue());
      }
    }
    return image;
  }

  /** Two grains of 4 KiB, of which the second isn't there; packed, and named by a footer, or as they are. */
  static byte[] vmdk(boolean stream) {
    ByteBuffer image = ByteBuffer.allocate(6 * 512 + CLUSTER + 3 * 512).order(ByteOrder.LITTLE_ENDIAN);
    header(image, 0, stream, stream ? -1 : 4);
    image.put(512, description("SPARSE", "image").getBytes(StandardCharsets.US_ASCII)).putInt(4 * 512, 5).putInt(5 * 512, 6);
    if (stream) {
      byte[] packed = packed(true);
      image.putInt(6 * 512 + 8, packed.length).put(6 * 512 + 12, packed);
      header(image, image.limit() - 1024, true, 4);
    } else {
      Arrays.fill(image.array(), 6 * 512, 6 * 512 + CLUSTER, (byte) 'g');
    }
    return image.array();
  }

  private static void header(ByteBuffer image, int at, boolean stream, long directory) {
    image.put(at, "KDMV".getBytes(StandardCharsets.US_ASCII)).putInt(at + 4, stream ? 3 : 1).putInt(at + 8, stream ? 0x3_0001 : 1).putLong(
        at
            + 12, 16).putLong(at + 20, 8).putLong(at + 28, 1).putLong(at + 36, 2).putInt(at + 44, 16).putLong(at + 56, directory).putShort(
                at
                    + 77, (short) (stream ? 1 : 0));
  }

  static String description(String kind, String file) {
    return "# Disk DescriptorFile\nversion=1\nparentCID=ffffffff\ncreateType=\"custom\"\nRW 16 " + kind + " \"" + file + "\"\n";
  }
}
