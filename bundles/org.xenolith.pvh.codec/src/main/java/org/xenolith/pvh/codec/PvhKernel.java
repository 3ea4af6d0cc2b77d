// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pvh.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * An ELF kernel that can be entered by the PVH boot ABI (System V ABI, chapters 4 and 5; Xen, public/elfnote.h: notes of the name {@code Xen}).
 *
 * @param segments   what is to be in memory, by address, none overlapping
 * @param entry      physical address of the entry, of 32 bits (note 18, XEN_ELFNOTE_PHYS32_ENTRY)
 * @param relocation where else it may lie (note 19, XEN_ELFNOTE_PHYS32_RELOC); empty if it may not
 * @param system     the operating system that it says it is, such as {@code linux} (note 6, XEN_ELFNOTE_GUEST_OS); empty if it doesn't say
 * @param features   bits {@code 1 << XENFEAT_*} of what it can do (note 17, XEN_ELFNOTE_SUPPORTED_FEATURES); 0 if it doesn't say
 * @param anyModule  it maps modules itself wherever they are, so that Xen puts them behind all else (note 16, XEN_ELFNOTE_MOD_START_PFN)
 */
public record PvhKernel(List<Segment> segments, long entry, Optional<Relocation> relocation, String system, long features,
    boolean anyModule) {
  private static final int IDENT = 16;
  private static final int CLASS_32 = 1;
  private static final int CLASS_64 = 2;
  private static final int EM_386 = 3;
  private static final int EM_X86_64 = 62;
  private static final int PT_LOAD = 1;
  private static final int PT_NOTE = 4;
  private static final int GUEST_OS = 6;
  private static final int MOD_START_PFN = 16;
  private static final int SUPPORTED_FEATURES = 17;
  private static final int PHYS32_ENTRY = 18;
  private static final int PHYS32_RELOC = 19;
  private static final String XEN = "Xen";
  private static final long FOUR_GIB = 1L << 32;

  /**
   * One loadable segment.
   *
   * @param address physical
   * @param size    bytes in memory, at least those of the data
   * @param bytes   its first bytes, a part of the kernel's file that isn't copied; those behind them are zero
   */
  public record Segment(long address, long size, MemorySegment bytes) {
    /** One whose first bytes are all of an array. */
    public Segment(long address, long size, byte[] data) {
      this(address, size, MemorySegment.ofArray(data));
    }

    /** A copy of its first bytes; the others are zero. */
    public byte[] data() {
      return bytes.toArray(ValueLayout.JAVA_BYTE);
    }

    /** The address behind it. */
    public long end() {
      return address + size;
    }
  }

  /**
   * Where a kernel may lie.
   *
   * @param alignment a power of two, bytes
   * @param lowest    physical address
   * @param highest   the last physical address that its last byte may have
   */
  public record Relocation(long alignment, long lowest, long highest) {}

  /** Copies the list. */
  public PvhKernel {
    segments = List.copyOf(segments);
  }

  /** One that says neither what it is nor what it can do. */
  public PvhKernel(List<Segment> segments, long entry, Optional<Relocation> relocation) {
    this(segments, entry, relocation, "", 0, false);
  }

  /** The address behind its last segment. */
  public long end() {
    return segments.isEmpty() ? 0 : segments.getLast().end();
  }

  /** Whether a file is an ELF file at all. Never throws. */
  public static boolean isElf(byte[] file) {
    return file.length >= 4 && file[0] == 0x7F && file[1] == 'E' && file[2] == 'L' && file[3] == 'F';
  }

  /**
   * Reads a kernel.
   *
   * @throws PvhFault if it is damaged, for another machine, or can't be entered by this ABI
   */
  public static PvhKernel parse(byte[] file) {
    return parse(MemorySegment.ofArray(file));
  }

  /**
   * The same of a file that is in memory anywhere, of at most 2 GiB; {@link #segments} are parts of it.
   *
   * @throws PvhFault if it is damaged, for another machine, or can't be entered by this ABI
   */
  public static PvhKernel parse(MemorySegment file) {
    return new Reader(file).read();
  }

  /** The kernel moved by a distance, entry and all. */
  public PvhKernel moved(long distance) {
    List<Segment> moved = segments.stream().map(each -> new Segment(each.address + distance, each.size, each.bytes)).toList();
    return new PvhKernel(moved, entry + distance, relocation, system, features, anyModule);
  }

  private static final class Reader {
    private final MemorySegment file;
    private final ByteBuffer bytes;
    private final boolean wide;
    private long entry = -1;
    private Relocation relocation;
    private String system = "";
    private long features;
    private boolean anyModule;

    Reader(MemorySegment file) {
      this.file = file;
      bytes = file.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      if (!isElf(head(4))) {
        throw new PvhFault("the kernel is no ELF file: it doesn't begin with 7f 45 4c 46. Name a vmlinux, or the bzImage that has one.");
      }
      wide = file.byteSize() > IDENT && bytes.get(4) == CLASS_64;
      int header = wide ? 64 : 52;
      if (file.byteSize() < header) {
        throw damaged("it has %d bytes, its header alone has %d".formatted(file.byteSize(), header));
      }
      int machine = bytes.getShort(18) & 0xFFFF;
      // The entry is 32-bit code: what its file is for says nothing of how it goes on.
      boolean known = bytes.get(5) == 1 && (machine == EM_X86_64 && wide || (machine == EM_386 || machine == EM_X86_64) && bytes.get(4)
          == CLASS_32);
      if (!known) {
        throw new PvhFault(
            "the ELF file is for machine %d, class %d, data %d (bytes 18, 4 and 5); expected x86-64 (62, 2, 1) or (62, 1, 1), or x86 (3, 1, 1). Name a kernel for x86."
                .formatted(machine, bytes.get(4), bytes.get(5)));
      }
    }

    private byte[] head(int length) {
      return file.asSlice(0, Math.min(length, file.byteSize())).toArray(ValueLayout.JAVA_BYTE);
    }

    PvhKernel read() {
      long table = wide ? bytes.getLong(32) : bytes.getInt(28) & 0xFFFF_FFFFL;
      int size = bytes.getShort(wide ? 54 : 42) & 0xFFFF;
      int count = bytes.getShort(wide ? 56 : 44) & 0xFFFF;
      int expected = wide ? 56 : 32;
      if (count == 0 || size != expected || !within(table, (long) count * size)) {
        throw damaged("its %d program headers of %d bytes are said to be at byte %#x of %d".formatted(count, size, table, file.byteSize()));
      }
      List<Segment> segments = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        header(i, (int) table + i * size, segments);
      }
      segments.sort(Comparator.comparingLong(Segment::address));
      for (int i = 1; i < segments.size(); i++) {
        Segment before = segments.get(i - 1);
        if (segments.get(i).address < before.end()) {
          throw new PvhFault("the kernel's segments overlap: %#x to %#x and from %#x on. Link it so that they don't.".formatted(
              before.address, before.end(),
              segments.get(i).address));
        }
      }
      if (entry < 0) {
        throw new PvhFault(
            "the kernel, an ELF file for x86, has no PVH entry: no note 18 (PHYS32_ENTRY) of the name Xen. Name a kernel that is configured with CONFIG_PVH.");
      }
      if (segments.stream().noneMatch(each -> entry >= each.address && entry < each.address + each.bytes.byteSize())) {
        throw new PvhFault("the kernel's PVH entry %#x (note 18) is in none of its segments. Link it again.".formatted(entry));
      }
      return new PvhKernel(segments, entry, Optional.ofNullable(relocation), system, features, anyModule);
    }

    private void header(int number, int at, List<Segment> segments) {
      int kind = bytes.getInt(at);
      long offset = wide ? bytes.getLong(at + 8) : bytes.getInt(at + 4) & 0xFFFF_FFFFL;
      long address = wide ? bytes.getLong(at + 24) : bytes.getInt(at + 12) & 0xFFFF_FFFFL;
      long stored = wide ? bytes.getLong(at + 32) : bytes.getInt(at + 16) & 0xFFFF_FFFFL;
      long size = wide ? bytes.getLong(at + 40) : bytes.getInt(at + 20) & 0xFFFF_FFFFL;
      if (kind != PT_LOAD && kind != PT_NOTE || size == 0 && stored == 0) {
        return;
      }
      if (!within(offset, stored)) {
        throw damaged("its program header %d names %#x bytes from byte %#x on".formatted(number, stored, offset));
      }
      if (kind == PT_NOTE) {
        notes((int) offset, (int) (offset + stored));
        return;
      }
      if (stored > size) {
        throw damaged("its segment %d has %#x bytes, of which %#x are in the file".formatted(number, size, stored));
      }
      if (address < 0 || size < 0 || address + size > FOUR_GIB || address + size < 0) {
        throw new PvhFault(
            "the kernel's segment %d has %#x bytes at %#x, of which %#x are in the file: it must be below 4 GiB, where 32-bit code reaches. Link it so."
                .formatted(number, size, address, stored));
      }
      segments.add(new Segment(address, size, file.asSlice(offset, stored)));
    }

    /** Notes: sizes of name and description, type, both padded to 4 bytes. */
    private void notes(int from, int to) {
      int at = from;
      while (to - at >= 12) {
        long nameSize = bytes.getInt(at) & 0xFFFF_FFFFL;
        long size = bytes.getInt(at + 4) & 0xFFFF_FFFFL;
        int type = bytes.getInt(at + 8);
        long description = at + 12L + (nameSize + 3 & -4L);
        long next = description + (size + 3 & -4L);
        if (description + size > to) {
          throw damaged("its note at byte %#x has %#x bytes, and its segment ends at %#x".formatted(at, size, to));
        }
        if (nameSize == XEN.length() + 1 && bytes.slice(at + 12, XEN.length()).equals(ByteBuffer.wrap(XEN.getBytes(
            StandardCharsets.US_ASCII)))) {
          xen(type, (int) description, (int) size);
        }
        at = (int) Math.min(next, to);
      }
    }

    private void xen(int type, int at, int size) {
      if (type == PHYS32_ENTRY) {
        if (size != 4 && size != 8) {
          throw damaged("its note 18 (PHYS32_ENTRY) has %d bytes, expected 4 or 8".formatted(size));
        }
        entry = size == 4 ? bytes.getInt(at) & 0xFFFF_FFFFL : bytes.getLong(at);
        if (entry < 0 || entry >= FOUR_GIB) {
          throw new PvhFault("the kernel's PVH entry %#x (note 18) isn't below 4 GiB, where 32-bit code reaches. Link it again.".formatted(
              entry));
        }
      } else if (type == PHYS32_RELOC) {
        relocation = relocation(at, size);
      } else if (type == GUEST_OS) {
        byte[] text = file.asSlice(at, size).toArray(ValueLayout.JAVA_BYTE);
        system = new String(text, StandardCharsets.ISO_8859_1).split("\0", 2)[0];
      } else if (type == MOD_START_PFN && (size == 4 || size == 8)) {
        anyModule = bytes.getInt(at) != 0;
      } else if (type == SUPPORTED_FEATURES && (size == 4 || size == 8)) {
        features = size == 4 ? bytes.getInt(at) & 0xFFFF_FFFFL : bytes.getLong(at);
      }
    }

    /** Alignment, lowest and highest address of 32 bits; the last ones may be left out (Xen, public/elfnote.h). */
    private Relocation relocation(int at, int size) {
      if (size > 12 || size % 4 != 0) {
        throw damaged("its note 19 (PHYS32_RELOC) has %d bytes, expected 0, 4, 8 or 12".formatted(size));
      }
      long alignment = size >= 4 ? bytes.getInt(at) & 0xFFFF_FFFFL : 2 << 20;
      long lowest = size >= 8 ? bytes.getInt(at + 4) & 0xFFFF_FFFFL : 0;
      long highest = size >= 12 ? bytes.getInt(at + 8) & 0xFFFF_FFFFL : FOUR_GIB - 1;
      if (Long.bitCount(alignment) != 1 || highest < lowest) {
        throw damaged("its note 19 (PHYS32_RELOC) says alignment %#x, lowest %#x, highest %#x".formatted(alignment, lowest, highest));
      }
      return new Relocation(alignment, lowest, highest);
    }

    private boolean within(long offset, long size) {
      return offset >= 0 && size >= 0 && offset <= file.byteSize() && size <= file.byteSize() - offset;
    }

    private PvhFault damaged(String why) {
      return new PvhFault("the kernel's ELF file is cut off or damaged: " + why + " (it has " + file.byteSize()
          + " bytes). Copy the file again.");
    }
  }
}
