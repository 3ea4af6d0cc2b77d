// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.zip.CRC32;

/** EFI_RUNTIME_SERVICES and the table that says which of them there are (UEFI 2.10, 4.5.1 and 4.6.2). */
public final class RuntimeServicesTable {
  /** Bytes of the table. */
  public static final int SIZE = 136;
  /** Bytes of EFI_RT_PROPERTIES_TABLE. */
  public static final int PROPERTIES_SIZE = 8;
  /** Bytes of the header that all of EFI's large tables have. */
  static final int HEADER = 24;
  private static final long SIGNATURE = 0x5652_4553_544E_5552L;
  private static final int CRC = 16;

  private RuntimeServicesTable() {}

  /**
   * The table, with its checksum.
   *
   * @param revision of the specification, {@code major << 16 | minor} times ten
   * @param code     where {@link RuntimeServicesCode} begins
   */
  public static byte[] bytes(int revision, long code) {
    ByteBuffer out = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(SIGNATURE).putInt(revision).putInt(SIZE).putInt(0).putInt(0);
    for (RuntimeFunction function : RuntimeFunction.values()) {
      out.putLong(code + RuntimeServicesCode.offset(function));
    }
    sign(out.array(), 0, SIZE);
    return out.array();
  }

  /** The table that says which services a caller may expect. */
  public static byte[] properties(Set<RuntimeFunction> supported) {
    return properties(supported(supported));
  }

  /** RuntimeServicesSupported of these functions. */
  public static int supported(Set<RuntimeFunction> functions) {
    return functions.stream().mapToInt(RuntimeFunction::supported).reduce(0, (a, b) -> a | b);
  }

  /** That table, with RuntimeServicesSupported as it stands in it. */
  public static byte[] properties(int bits) {
    return ByteBuffer.allocate(PROPERTIES_SIZE).order(ByteOrder.LITTLE_ENDIAN).putShort((short) 1).putShort((short) PROPERTIES_SIZE)
        .putInt(bits).array();
  }

  /** Puts the checksum of a table into its header. */
  static void sign(byte[] bytes, int at, int size) {
    ByteBuffer table = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at + CRC, 0);
    CRC32 crc = new CRC32();
    crc.update(bytes, at, size);
    table.putInt(at + CRC, (int) crc.getValue());
  }
}
