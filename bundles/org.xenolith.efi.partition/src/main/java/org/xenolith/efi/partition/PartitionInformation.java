// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.partition;

import org.xenolith.efi.boot.api.EfiRam;

/** EFI_PARTITION_INFO_PROTOCOL in a guest's memory (UEFI 2.10, 13.18): what a partition's table has of it. */
final class PartitionInformation {
  private static final int HEADER = 16;
  /** Bytes: a header, and room for an entry of a GPT, which is the longer one. */
  static final int SIZE = HEADER + 128;
  private static final int REVISION = 0x1000;

  private PartitionInformation() {}

  /**
   * Writes it.
   *
   * @param format 1 MBR, 2 GPT
   * @param system whether it is an EFI system partition
   * @param entry  of the table
   */
  static void write(EfiRam memory, long at, int format, boolean system, byte[] entry) {
    memory.put32(at, REVISION);
    memory.put32(at + 4, format);
    memory.put8(at + 8, system ? 1 : 0);
    memory.write(at + HEADER, entry);
  }
}
