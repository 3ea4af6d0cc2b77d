// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.Granule;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.kit.ForeignFile;
import org.xenolith.boot.kit.KernelUnpacker;
import org.xenolith.hyp.api.DomainImage;

/**
 * A plain arm64 kernel (Linux, {@code Documentation/arch/arm64/booting.rst}, section 4).
 *
 * @param file       the whole file, unpacked
 * @param textOffset distance from a base of 2 MiB alignment, in bytes
 * @param size       memory that it takes from there on, zeroed data included, in bytes
 * @param pages      what it says of the size of its pages, if it does
 */
public record ArmKernelImage(byte[] file, long textOffset, long size, Optional<Granule> pages) {
  private static final int HEADER = 64;
  private static final int TEXT_OFFSET_AT = 8;
  private static final int SIZE_AT = 16;
  private static final int FLAGS_AT = 24;
  private static final int MAGIC_AT = 56;
  /** "ARM" and 0x64. */
  private static final int MAGIC = 0x644d_5241;
  private static final long MOST = 1L << 32;

  /** A domain's kernel, unpacked if it is packed. @throws IllegalArgumentException if it is no such kernel, damaged or too large */
  public static ArmKernelImage of(DomainImage image) {
    try {
      return of(KernelUnpacker.unpack(image.kernel(), image.memory()));
    } catch (BootException e) {
      throw new IllegalArgumentException(sentence(e.getMessage()), e);
    }
  }

  /** Why a file is no such kernel, as far as can be said without unpacking it; empty if it may be one. */
  static Optional<String> refusal(byte[] file) {
    try {
      if (!KernelUnpacker.recognises(file)) {
        of(file);
      }
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** Without the full stop, as messages of builders are. */
  private static String sentence(String text) {
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }

  /** A kernel that isn't packed. @throws IllegalArgumentException if it is no such kernel */
  public static ArmKernelImage of(byte[] file) {
    ByteBuffer words = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < HEADER || words.getInt(MAGIC_AT) != MAGIC) {
      throw new IllegalArgumentException(ForeignFile.describe(file).map(what -> "the kernel is " + sentence(what)).orElseGet(
          () -> "the kernel: expected an arm64 Image, plain or packed with " + KernelUnpacker.PACKINGS + ", got " + file.length
              + " bytes without its magic; take arch/arm64/boot/Image"));
    }
    long textOffset = words.getLong(TEXT_OFFSET_AT);
    long size = Math.max(words.getLong(SIZE_AT), file.length);
    if (textOffset < 0 || textOffset >= MOST || size >= MOST || textOffset % 4 != 0) {
      throw new IllegalArgumentException("the kernel's header is damaged: text_offset 0x"
          + Long.toHexString(textOffset) + ", image_size 0x" + Long.toHexString(size));
    }
    int pages = (int) (words.getLong(FLAGS_AT) >> 1) & 3;
    return new ArmKernelImage(file, textOffset, size, pages == 0 ? Optional.empty() : Optional.of(Granule.values()[pages - 1]));
  }

  /**
   * The kernel, if a CPU has the granule that it is made for: else it would park each of its CPUs without a word.
   *
   * @param remedy how the user gives the CPUs those granules, as a sentence without its end
   * @throws IllegalArgumentException if not
   */
  public ArmKernelImage on(Cpu cpu, UnaryOperator<String> remedy) {
    Set<Granule> built = cpu.config.granules();
    if (pages.isPresent() && !built.contains(pages.get())) {
      Set<Granule> needed = EnumSet.copyOf(built);
      needed.add(pages.get());
      throw new IllegalArgumentException("the kernel is made for pages of " + (pages.get().bytes() >> 10)
          + " KiB (flags of its header), and the CPUs have granules of " + Granule.list(built)
          + " only: it would stop before its first word. " + remedy.apply(Granule.list(needed)) + ", or take a kernel with smaller pages");
    }
    return this;
  }
}
