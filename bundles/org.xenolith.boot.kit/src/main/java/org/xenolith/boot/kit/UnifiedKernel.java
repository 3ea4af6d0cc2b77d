// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.GuestImage;

/**
 * What is in a unified kernel image: one EFI program with a kernel, what goes with it, and a stub that starts it ("Unified Kernel Image (UKI)", UAPI.5). A machine without UEFI is given
 * the parts by a boot loader, as the stub would give them. Sections that only the stub needs are passed over.
 *
 * @param kernel the kernel, section {@code .linux}
 * @param initrd the first root file system, section {@code .initrd}
 * @param commandLine the kernel's command line, section {@code .cmdline}; empty if there is none
 * @param tree the device tree of the board that it is made for, section {@code .dtb}
 */
public record UnifiedKernel(byte[] kernel, Optional<byte[]> initrd, String commandLine, Optional<byte[]> tree) {
  private static final int PE_OFFSET_AT = 0x3C;
  private static final int PE_HEADER = 24;
  private static final int SECTION = 40;
  private static final int NAME = 8;
  private static final int PE = 0x4550;

  /**
   * The parts of a file.
   *
   * @return empty for a file that is no unified kernel image: no EFI program, or none with a section {@code .linux}
   * @throws BootException if it is one, and is cut off
   */
  public static Optional<UnifiedKernel> of(byte[] file) {
    if (file.length < PE_OFFSET_AT + 4 || file[0] != 'M' || file[1] != 'Z') {
      return Optional.empty();
    }
    ByteBuffer words = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int pe = words.getInt(PE_OFFSET_AT);
    if (pe < 0 || pe > file.length - PE_HEADER || words.getInt(pe) != PE) {
      return Optional.empty();
    }
    int sections = words.getShort(pe + 6) & 0xFFFF;
    long table = pe + (long) PE_HEADER + (words.getShort(pe + 20) & 0xFFFF);
    Map<String, byte[]> parts = new HashMap<>();
    for (int i = 0; i < sections && table <= file.length - SECTION; i++, table += SECTION) {
      String name = new String(file, (int) table, NAME, StandardCharsets.US_ASCII).replaceFirst("\0.*", "");
      if (name.matches("\\.(linux|initrd|cmdline|dtb)")) {
        // Of several, as of several profiles, the first is what counts without a choice.
        parts.putIfAbsent(name, section(file, words, (int) table, name));
      }
    }
    byte[] kernel = parts.get(".linux");
    return kernel == null ? Optional.empty() : Optional.of(new UnifiedKernel(kernel, Optional.ofNullable(parts.get(".initrd")), line(parts
        .get(".cmdline")), Optional.ofNullable(parts.get(".dtb"))));
  }

  /** A guest of these parts in the place of one whose kernel this is. Words of its own, and a first root file system that was named for it, count. */
  public GuestImage in(GuestImage guest) {
    return new GuestImage(guest.name(), kernel, guest.initrd().or(() -> initrd), (commandLine + " " + guest.commandLine()).strip(), guest
        .provenance(), guest.deviceTrees());
  }

  /** A section without the zeros that align the next one; what the file doesn't hold of it is zeros, too. */
  private static byte[] section(byte[] file, ByteBuffer words, int at, String name) {
    long size = words.getInt(at + 8) & 0xFFFF_FFFFL;
    long stored = words.getInt(at + 16) & 0xFFFF_FFFFL;
    long offset = words.getInt(at + 20) & 0xFFFF_FFFFL;
    long bytes = size == 0 ? stored : Math.min(size, stored);
    if (offset + bytes > file.length) {
      throw new BootException("the unified kernel image is cut off: its section " + name + " has " + bytes + " bytes at " + offset
          + ", and the file " + file.length + ". Copy the file again.");
    }
    return Arrays.copyOfRange(file, (int) offset, (int) (offset + bytes));
  }

  private static String line(byte[] text) {
    return text == null ? "" : new String(text, StandardCharsets.UTF_8).replaceFirst("(?s)\0.*", "").strip();
  }
}
