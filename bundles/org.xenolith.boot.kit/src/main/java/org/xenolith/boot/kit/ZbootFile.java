// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import static org.xenolith.command.api.OptionName.option;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.xenolith.boot.api.BootException;

/**
 * An EFI zboot file: a kernel packed in an EFI program that unpacks it, as distributions for arm64 ship theirs. The header (Linux, drivers/firmware/efi/libstub/zboot-header.S)
 * says where the packed kernel is, so that nobody needs UEFI for it.
 */
final class ZbootFile {
  private static final int HEADER = 56;
  private static final int OFFSET_AT = 8;
  private static final int SIZE_AT = 12;
  private static final int PACKING_AT = 24;
  private static final byte[] MARK = {'M', 'Z', 0, 0, 'z', 'i', 'm', 'g'};

  private ZbootFile() {}

  static boolean recognises(byte[] file) {
    return file.length >= MARK.length && file[0] == MARK[0] && file[1] == MARK[1] && Arrays.equals(file, 4, 8, MARK, 4, 8);
  }

  /**
   * The packed kernel.
   *
   * @throws BootException if the file is cut off, or the kernel is packed as only UEFI can unpack it
   */
  static byte[] payload(byte[] file) {
    if (file.length < HEADER) {
      throw new BootException("the kernel is an EFI zboot file of " + file.length + " bytes, less than its header. Copy the file again.");
    }
    ByteBuffer words = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long offset = words.getInt(OFFSET_AT) & 0xFFFF_FFFFL;
    long size = words.getInt(SIZE_AT) & 0xFFFF_FFFFL;
    if (offset < HEADER || size == 0 || offset + size > file.length) {
      throw new BootException("the kernel is an EFI zboot file whose header names " + size + " bytes at " + offset + ", and it has "
          + file.length + ". Copy the file again.");
    }
    byte[] packed = Arrays.copyOfRange(file, (int) offset, (int) (offset + size));
    if (KernelPacking.of(packed).isEmpty()) {
      throw new BootException("the kernel is an EFI zboot file that is packed with " + packing(file)
          + ", and only " + KernelUnpacker.PACKINGS + " is unpacked here. Boot it with UEFI firmware (" + option("firmware")
          + "), where it unpacks itself, or take the kernel's Image.");
    }
    return packed;
  }

  /** What the header calls it. */
  private static String packing(byte[] file) {
    StringBuilder text = new StringBuilder();
    for (int i = PACKING_AT; i < HEADER && file[i] > ' ' && file[i] < 0x7F; i++) {
      text.append((char) file[i]);
    }
    return text.isEmpty() ? "something that it doesn't name" : text.toString();
  }
}
