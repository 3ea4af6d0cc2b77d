// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pvh.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * What a kernel is given in memory (Xen, public/arch-x86/hvm/start_info.h). Addresses are physical; 0 stands for none.
 *
 * @param layout      which version it has
 * @param flags       none are defined for unprivileged guests; bit 0 privileged, bit 1 the initial domain (SIF_PRIVILEGED, SIF_INITDOMAIN)
 * @param modules     files for the kernel; the first is the initramfs
 * @param commandLine of a text that ends with 0
 * @param rootPointer of the ACPI RSDP
 * @param memoryMap   from version 1 on
 */
public record StartInfo(Layout layout, int flags, List<Module> modules, long commandLine, long rootPointer, List<MemoryEntry> memoryMap) {
  private static final int MAGIC = 0x336E_C578;
  private static final int VERSION_0 = 40;
  private static final int VERSION_1 = 56;
  private static final long FOUR_GIB = 1L << 32;

  /** How the structures are laid out. */
  public enum Layout {
    /** The draft of 2015: fields of 32 bits throughout, no memory map. */
    DRAFT(24, 16),
    /** Version 0: addresses of 64 bits, no memory map. */
    VERSION_0(StartInfo.VERSION_0, 32),
    /** Version 1: with a memory map. */
    VERSION_1(StartInfo.VERSION_1, 32);

    private final int size;
    private final int moduleSize;

    Layout(int size, int moduleSize) {
      this.size = size;
      this.moduleSize = moduleSize;
    }

    /** Bytes of the start_info itself. */
    public int size() {
      return size;
    }

    /** Bytes of an entry of the list of modules. */
    public int moduleSize() {
      return moduleSize;
    }
  }

  /**
   * A module.
   *
   * @param commandLine of a text that ends with 0; 0 if it has none
   */
  public record Module(long address, long size, long commandLine) {}

  /**
   * An entry of the memory map.
   *
   * @param type as in E820: 1 RAM, 2 reserved, 3 ACPI reclaimable, 4 ACPI NVS, 5 unusable
   */
  public record MemoryEntry(long address, long size, int type) {
    /** Bytes of an entry. */
    public static final int SIZE = 24;
    /** RAM. */
    public static final int RAM = 1;
    /** Reserved. */
    public static final int RESERVED = 2;
  }

  /** Copies the lists. */
  public StartInfo {
    modules = List.copyOf(modules);
    memoryMap = List.copyOf(memoryMap);
  }

  /**
   * The start_info's bytes.
   *
   * @param moduleList address of {@link #modulesBytes()}
   * @param map        address of {@link #mapBytes()}
   * @throws PvhFault if an address doesn't fit into the layout's field
   */
  public byte[] bytes(long moduleList, long map) {
    ByteBuffer bytes = ByteBuffer.allocate(layout.size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(MAGIC);
    long list = modules.isEmpty() ? 0 : moduleList;
    if (layout == Layout.DRAFT) {
      bytes.putInt(flags).putInt(narrow("the command line", commandLine)).putInt(modules.size()).putInt(narrow("the list of modules", list))
          .putInt(
              narrow("the RSDP", rootPointer));
      return bytes.array();
    }
    bytes.putInt(layout == Layout.VERSION_1 ? 1 : 0).putInt(flags).putInt(modules.size()).putLong(list).putLong(commandLine).putLong(
        rootPointer);
    if (layout == Layout.VERSION_1) {
      bytes.putLong(memoryMap.isEmpty() ? 0 : map).putInt(memoryMap.size()).putInt(0);
    }
    return bytes.array();
  }

  /**
   * The bytes of the list of modules.
   *
   * @throws PvhFault if an address or size doesn't fit into the layout's field
   */
  public byte[] modulesBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(modules.size() * layout.moduleSize).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < modules.size(); i++) {
      Module module = modules.get(i);
      if (layout == Layout.DRAFT) {
        String name = "module " + i;
        bytes.putInt(narrow(name, module.address)).putInt(narrow("the size of " + name, module.size)).putInt(narrow(name,
            module.commandLine)).putInt(0);
      } else {
        bytes.putLong(module.address).putLong(module.size).putLong(module.commandLine).putLong(0);
      }
    }
    return bytes.array();
  }

  private static int narrow(String what, long value) {
    if (value < 0 || value >= FOUR_GIB) {
      throw new PvhFault(
          "%s is at or has %#x, and the draft's start_info has fields of 32 bits: it can't say anything above 4 GiB. Use version 0 or 1."
              .formatted(what,
                  value));
    }
    return (int) value;
  }

  /** The bytes of the memory map. */
  public byte[] mapBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(memoryMap.size() * MemoryEntry.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    for (MemoryEntry entry : memoryMap) {
      bytes.putLong(entry.address).putLong(entry.size).putInt(entry.type).putInt(0);
    }
    return bytes.array();
  }

  /** Reads bytes of memory. */
  @FunctionalInterface
  public interface Memory {
    /** So many bytes at a physical address. */
    byte[] read(long address, int length);
  }

  /**
   * Reads a start_info of version 0 or 1 from memory.
   *
   * @throws PvhFault if there is none, or it has too many entries
   */
  public static StartInfo parse(Memory memory, long address) {
    ByteBuffer bytes = ByteBuffer.wrap(memory.read(address, VERSION_0)).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.getInt() != MAGIC) {
      throw new PvhFault("there is no start_info at %#x: it doesn't begin with the magic %#x. Check EBX.".formatted(address, MAGIC));
    }
    int version = bytes.getInt();
    int flags = bytes.getInt();
    int count = bytes.getInt();
    long list = bytes.getLong();
    long commandLine = bytes.getLong();
    long rootPointer = bytes.getLong();
    List<Module> modules = new ArrayList<>();
    ByteBuffer table = table(memory, list, count, Layout.VERSION_1.moduleSize, "modules");
    for (int i = 0; i < count; i++) {
      modules.add(new Module(table.getLong(i * 32), table.getLong(i * 32 + 8), table.getLong(i * 32 + 16)));
    }
    List<MemoryEntry> map = new ArrayList<>();
    if (version >= 1) {
      ByteBuffer more = ByteBuffer.wrap(memory.read(address + VERSION_0, 16)).order(ByteOrder.LITTLE_ENDIAN);
      int entries = more.getInt(8);
      ByteBuffer places = table(memory, more.getLong(0), entries, MemoryEntry.SIZE, "entries of the memory map");
      for (int i = 0; i < entries; i++) {
        map.add(new MemoryEntry(places.getLong(i * 24), places.getLong(i * 24 + 8), places.getInt(i * 24 + 16)));
      }
    }
    return new StartInfo(version >= 1 ? Layout.VERSION_1 : Layout.VERSION_0, flags, modules, commandLine, rootPointer, map);
  }

  private static ByteBuffer table(Memory memory, long address, int count, int size, String what) {
    if (count < 0 || count > 4096) {
      throw new PvhFault("the start_info says that there are %s %s; expected 4,096 at most. Check who wrote it.".formatted(Integer
          .toUnsignedString(count), what));
    }
    return ByteBuffer.wrap(memory.read(address, count * size)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
