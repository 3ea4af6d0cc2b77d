// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.EfiGuid;

/** Partitions of disks (UEFI 2.10, 10.3.5.1), by GPT, MBR, or neither. */
record PartitionForm() implements NodeForm {
  private static final int SIZE = 38;
  private static final int SIGNATURE = 20;
  private static final int MBR = 1;
  private static final int GPT = 2;

  @Override
  public @Nullable String text(int type, int subtype, byte[] data) {
    if (type != DevicePath.MEDIA || subtype != 1 || data.length != SIZE) {
      return null;
    }
    ByteBuffer in = NodeForm.in(data);
    String kind = switch (data[37]) {
      case MBR -> "MBR,0x%08X".formatted(in.getInt(SIGNATURE));
      case GPT -> "GPT," + NodeForm.text(EfiGuid.ofBytes(data, SIGNATURE));
      default -> "%d,%s".formatted(data[37] & 0xFF, HexFormat.of().withUpperCase().formatHex(data, SIGNATURE, SIGNATURE + EfiGuid.SIZE));
    };
    return "HD(%s,%s,0x%X,0x%X)".formatted(Integer.toUnsignedString(in.getInt(0)), kind, in.getLong(4), in.getLong(12));
  }

  @Override
  public @Nullable DevicePath node(String name, List<String> arguments) {
    if (!name.equals("HD")) {
      return null;
    }
    String kind = NodeForm.argument(arguments, 1);
    String signature = NodeForm.argument(arguments, 2);
    int format = kind.equals("MBR") ? MBR : kind.equals("GPT") ? GPT : (int) NodeForm.number(kind, 1);
    byte[] bytes = switch (format) {
      case MBR -> NodeForm.room(EfiGuid.SIZE).putInt((int) NodeForm.number(signature, 4)).array();
      case GPT -> EfiGuid.of(signature).toBytes();
      default -> NodeForm.atMost(HexFormat.of().parseHex(signature), EfiGuid.SIZE);
    };
    int number = (int) NodeForm.number(NodeForm.argument(arguments, 0), 4);
    return new DevicePath().partition(number, NodeForm.number(NodeForm.argument(arguments, 3)), NodeForm.number(NodeForm.argument(arguments,
        4)), bytes, format);
  }
}
