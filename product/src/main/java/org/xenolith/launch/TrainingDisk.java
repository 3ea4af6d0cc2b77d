// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * A disk with a GPT (UEFI 2.10, 5.3), a FAT12 file system in its one partition (Microsoft, FAT: General Overview of On-Disk Format) and on it a program that
 * firmware starts by itself (UEFI 2.10, 3.5.1.1): what a start from a disk executes before the first loader of somebody else's.
 */
final class TrainingDisk {
  private static final int SECTOR = 512;
  private static final int SECTORS = 4096;
  private static final int ENTRIES = 32;
  private static final int FIRST = 64;
  private static final int LENGTH = 2048;
  private static final int FAT = FIRST + 1;
  private static final int FAT_SECTORS = 6;
  private static final int ROOT = FAT + FAT_SECTORS;
  /** The first cluster, which is number 2. */
  private static final int DATA = ROOT + 1;
  private static final int FOLDER = 0x10;
  private static final int PE = 64;
  private static final int CODE = 512;
  /** Clusters of the program. */
  private static final int CLUSTERS = (CODE + TrainingProgram.SIZE) / SECTOR;
  private static final int FIRST_CLUSTER = 4;
  private static final int LAST_IN_CHAIN = 0xFFF;

  private final ByteBuffer disk = ByteBuffer.allocate(SECTOR * SECTORS).order(ByteOrder.LITTLE_ENDIAN);

  private TrainingDisk() {}

  /** Its bytes. */
  static byte[] bytes() {
    TrainingDisk made = new TrainingDisk();
    made.partitions();
    made.files();
    return made.disk.array();
  }

  private void partitions() {
    disk.putInt(446, 0x0002_0000).putInt(450, 0xFFFF_FFEE).putInt(454, 1).putInt(458, SECTORS - 1).putShort(510, (short) 0xAA55);
    for (int at : new int[] {2, SECTORS - 1 - ENTRIES}) {
      // C12A7328-F81F-11D2-BA4B-00A0C93EC93B: a partition of UEFI's
      disk.putLong(SECTOR * at, 0x11D2_F81F_C12A_7328L).putLong(SECTOR * at + 8, 0x3BC9_3EC9_A000_4BBAL);
      disk.putLong(SECTOR * at + 16, 1).putLong(SECTOR * at + 32, FIRST).putLong(SECTOR * at + 40, FIRST + LENGTH - 1L);
    }
    head(1, SECTORS - 1, 2);
    head(SECTORS - 1, 1, SECTORS - 1 - ENTRIES);
  }

  private void head(int here, int other, int entries) {
    int at = SECTOR * here;
    disk.put(at, "EFI PART".getBytes(StandardCharsets.US_ASCII)).putInt(at + 8, 0x1_0000).putInt(at + 12, 92);
    disk.putLong(at + 24, here).putLong(at + 32, other).putLong(at + 40, 2L + ENTRIES).putLong(at + 48, SECTORS - 2L - ENTRIES);
    disk.putLong(at + 56, 1).putLong(at + 72, entries).putInt(at + 80, 128).putInt(at + 84, 128);
    disk.putInt(at + 88, checksum(SECTOR * entries, SECTOR * ENTRIES));
    disk.putInt(at + 16, checksum(at, 92));
  }

  private int checksum(int at, int length) {
    CRC32 sum = new CRC32();
    sum.update(disk.array(), at, length);
    return (int) sum.getValue();
  }

  private void files() {
    int at = SECTOR * FIRST;
    disk.putInt(at, 0x9000_00EB).putShort(at + 11, (short) SECTOR).put(at + 13, (byte) 1).putShort(at + 14, (short) 1).put(at + 16,
        (byte) 1);
    disk.putShort(at + 17, (short) 16).putShort(at + 19, (short) LENGTH).put(at + 21, (byte) 0xF8).putShort(at + 22, (short) FAT_SECTORS);
    disk.put(at + 38, (byte) 0x29).put(at + 43, "XENOLITH   FAT12   ".getBytes(StandardCharsets.US_ASCII)).putShort(at + 510,
        (short) 0xAA55);
    // Clusters 0 and 1 are the medium's; 2 and 3 are folders, the others the program's.
    next(0, 0xFF8);
    for (int cluster = 1; cluster < FIRST_CLUSTER; cluster++) {
      next(cluster, LAST_IN_CHAIN);
    }
    for (int i = 1; i <= CLUSTERS; i++) {
      next(FIRST_CLUSTER + i - 1, i == CLUSTERS ? LAST_IN_CHAIN : FIRST_CLUSTER + i);
    }
    entry(ROOT, "EFI        ", FOLDER, 2, 0);
    entry(DATA, "BOOT       ", FOLDER, 3, 0);
    entry(DATA + 1, "BOOTAA64EFI", 0, FIRST_CLUSTER, CLUSTERS * SECTOR);
    program(SECTOR * (DATA + 2));
  }

  /** What follows a cluster, 12 bits. */
  private void next(int cluster, int next) {
    int at = SECTOR * FAT + cluster * 3 / 2;
    int shift = cluster % 2 * 4;
    disk.putShort(at, (short) (disk.getShort(at) & ~(0xFFF << shift) | next << shift));
  }

  private void entry(int sector, String name, int attributes, int cluster, int size) {
    int at = SECTOR * sector;
    disk.put(at, name.getBytes(StandardCharsets.US_ASCII)).put(at + 11, (byte) attributes).putShort(at + 26, (short) cluster).putInt(at
        + 28,
        size);
  }

  /** A PE32+ application for AArch64 (Microsoft, PE Format) of one section. */
  private void program(int at) {
    disk.putShort(at, (short) 0x5A4D).putInt(at + 60, PE).putInt(at + PE, 0x4550).putShort(at + PE + 4, (short) 0xAA64);
    int optional = at + PE + 24;
    disk.putShort(at + PE + 6, (short) 1).putShort(at + PE + 20, (short) 240).putShort(at + PE + 22, (short) 0x22).putShort(optional,
        (short) 0x20B);
    disk.putInt(optional + 16, CODE).putInt(optional + 32, CODE).putInt(optional + 36, CODE).putInt(optional + 56, CODE
        + TrainingProgram.SIZE);
    disk.putInt(optional + 60, CODE).putShort(optional + 68, (short) 10).putInt(optional + 108, 16);
    int section = optional + 240;
    disk.put(section, ".text".getBytes(StandardCharsets.US_ASCII)).putInt(section + 8, TrainingProgram.SIZE).putInt(section + 12, CODE)
        .putInt(section + 16, TrainingProgram.SIZE).putInt(section + 20, CODE).putInt(section + 36, 0xE000_0060);
    disk.put(at + CODE, TrainingProgram.bytes());
  }
}
