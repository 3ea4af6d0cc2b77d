// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;

/** EFI_BLOCK_IO_PROTOCOL with EFI_BLOCK_IO_MEDIA behind it, in a guest's memory (UEFI 2.10, 13.9). */
public final class BlockMedia {
  /** Bytes of both. */
  public static final int SIZE = 96;
  /** Where the protocol has its first function: Reset, ReadBlocks, WriteBlocks, FlushBlocks. */
  public static final int FUNCTIONS = 16;
  /** Where the pointer to ReadBlocks is. */
  public static final int READ = 24;
  /** Where the pointer to WriteBlocks is. */
  public static final int WRITE = 32;
  /** Where the pointer to FlushBlocks is. */
  public static final int FLUSH = 40;
  private static final int MEDIA = 8;
  private static final int MEDIA_AT = 48;
  private static final int LEAST_BLOCK = 512;
  private static final int ALIGNMENT = 16;
  private static final long REVISION = 0x2_001F;

  private BlockMedia() {}

  /** Functions, in the protocol's order. */
  public static String[] functions() {
    return new String[] {"Reset", "ReadBlocks", "WriteBlocks", "FlushBlocks"};
  }

  /**
   * Writes both; the functions' pointers are the layer's to write.
   *
   * @param at        address of the protocol
   * @param id        of the medium
   * @param blockSize bytes of a block
   * @param blocks    how many blocks it has
   * @param partition whether it is a part of another one
   * @param readOnly  whether it can't be written
   */
  public static void write(EfiRam memory, long at, long id, long blockSize, long blocks, boolean partition, boolean readOnly) {
    long media = at + MEDIA_AT;
    memory.put64(at, REVISION);
    memory.put64(at + MEDIA, media);
    memory.put32(media, id);
    memory.put8(media + 5, 1);
    memory.put8(media + 6, partition ? 1 : 0);
    memory.put8(media + 7, readOnly ? 1 : 0);
    memory.put32(media + 12, blockSize);
    memory.put64(media + 24, blocks - 1);
  }

  /** The medium can be taken out. */
  public static void removable(EfiRam memory, long at) {
    memory.put8(media(memory, at) + 4, 1);
  }

  /** Its buffers have to be at multiples of that, a power of 2; 0 or 1: they may be anywhere. */
  public static void align(EfiRam memory, long at, long alignment) {
    memory.put32(media(memory, at) + ALIGNMENT, alignment);
  }

  /** Where its buffers have to be: at multiples of that. */
  public static long alignment(EfiRam memory, long at) {
    return Math.max(1, memory.get32(media(memory, at) + ALIGNMENT));
  }

  private static long media(EfiRam memory, long at) {
    return memory.get64(at + MEDIA);
  }

  /** Its medium's identity, which each call of its functions says. */
  public static long id(EfiRam memory, long at) {
    return memory.get32(media(memory, at));
  }

  /** Bytes of a block, a power of 2. @throws EfiError DEVICE_ERROR if whoever has the memory has overwritten that */
  public static long blockSize(EfiRam memory, long at) {
    long size = memory.get32(media(memory, at) + 12);
    if (size < LEAST_BLOCK || Long.bitCount(size) != 1) {
      throw new EfiError(EfiStatus.DEVICE_ERROR, "0x" + Long.toHexString(at) + ": its medium has blocks of " + size + " bytes");
    }
    return size;
  }

  /** How many blocks it has. */
  public static long blocks(EfiRam memory, long at) {
    return memory.get64(media(memory, at) + 24) + 1;
  }

  /** Whether it can't be written. */
  public static boolean readOnly(EfiRam memory, long at) {
    return memory.get8(media(memory, at) + 7) != 0;
  }

  /** Whether it is a part of another one. */
  public static boolean partition(EfiRam memory, long at) {
    return memory.get8(media(memory, at) + 6) != 0;
  }

  /**
   * What the arguments of ReadBlocks or WriteBlocks come to, those of {@code call} (UEFI 2.10, 13.9.3): this, medium, first block, bytes, buffer.
   *
   * @return SUCCESS; or what the call is refused with
   * @throws EfiError INVALID_PARAMETER if there is no memory for some of the buffer
   */
  public static EfiStatus check(Call call) {
    EfiRam memory = call.firmware().memory();
    long self = call.argument(0);
    long first = call.argument(2);
    long size = call.argument(3);
    if ((call.argument(1) & 0xFFFF_FFFFL) != id(memory, self)) {
      return EfiStatus.MEDIA_CHANGED;
    }
    if (size == 0) {
      return EfiStatus.SUCCESS;
    }
    if (size < 0 || size % blockSize(memory, self) != 0) {
      return EfiStatus.BAD_BUFFER_SIZE;
    }
    long buffer = call.argument(4);
    if (buffer == 0 || Long.remainderUnsigned(buffer, alignment(memory, self)) != 0 || !covers(memory, self, first, size)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    call.firmware().requireMemory(buffer, size); // a device would be told to go to where there is none
    return EfiStatus.SUCCESS;
  }

  /** Whether a medium has all these bytes, a multiple of its block's size, from a block on. */
  public static boolean covers(EfiRam memory, long at, long first, long size) {
    long blocks = blocks(memory, at);
    return first >= 0 && first < blocks && size / blockSize(memory, at) <= blocks - first;
  }
}
