// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.kit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.xenolith.pvh.codec.StartInfo;
import org.xenolith.pvh.codec.StartInfo.MemoryEntry;

/**
 * A start_info with what it names, as bytes for one place: the layouts of Xen 4.17's two builders, byte for byte.
 *
 * @param address   physical, of the first byte
 * @param bytes     what is there
 * @param startInfo where among them the start_info is, which the kernel is given in EBX
 */
public record StartData(long address, byte[] bytes, long startInfo) {
  /** For how many modules libxenguest leaves room. */
  private static final int MODULES = 2;
  /** Bytes that it leaves for the command line of each. */
  private static final int MODULE_LINE = 1024;
  private static final int ALIGNMENT = 8;

  /**
   * A guest's, of version 1: the start_info, the command line, room for two modules and their command lines, the memory map.
   *
   * @param address     where it is to be, a multiple of 4 KiB
   * @param rootPointer of the RSDP
   * @throws IllegalArgumentException if there are more modules than two, or one has a command line, which this layout has no words for
   */
  public static StartData ofGuest(long address, String commandLine, List<StartInfo.Module> modules, long rootPointer,
      List<MemoryEntry> map) {
    if (modules.size() > MODULES || modules.stream().anyMatch(module -> module.commandLine() != 0)) {
      throw new IllegalArgumentException("modules of a PVH guest: expected two at most, without command lines, got " + modules);
    }
    StartInfo.Layout layout = StartInfo.Layout.VERSION_1;
    byte[] line = text(commandLine);
    int lineAt = layout.size();
    int modulesAt = lineAt + up(line.length);
    int mapAt = modulesAt + MODULES * (layout.moduleSize() + MODULE_LINE);
    StartInfo info = new StartInfo(layout, 0, modules, line.length == 0 ? 0 : address + lineAt, rootPointer, map);
    byte[] entries = info.mapBytes();
    byte[] page = new byte[mapAt + entries.length];
    put(page, 0, info.bytes(address + modulesAt, address + mapAt));
    put(page, lineAt, line);
    put(page, modulesAt, info.modulesBytes());
    put(page, mapAt, entries);
    return new StartData(address, page, address);
  }

  /**
   * The hardware domain's, of version 0: the command line, the entry of its only module, the start_info; no memory map, which the hardware domain asks for
   * (XENMEM_memory_map). Xen places it on the first page behind the initial RAM disk and what the module's command line names: a text behind the disk,
   * at a multiple of 8, which is there and empty if the boot loader gave none.
   *
   * @param address     where it is to be, a multiple of 4 KiB
   * @param flags       {@code SIF_*}
   * @param ramdisk     the initial RAM disk
   * @param rootPointer of the RSDP
   */
  public static StartData ofHardwareDomain(long address, int flags, String commandLine, Optional<StartInfo.Module> ramdisk,
      long rootPointer) {
    StartInfo.Layout layout = StartInfo.Layout.VERSION_0;
    byte[] line = text(commandLine);
    int modulesAt = up(line.length);
    StartInfo info = new StartInfo(layout, flags, ramdisk.stream().toList(), line.length == 0 ? 0 : address, rootPointer, List.of());
    byte[] modules = info.modulesBytes();
    int infoAt = modulesAt + modules.length;
    byte[] all = new byte[infoAt + layout.size()];
    put(all, 0, line);
    put(all, modulesAt, modules);
    put(all, infoAt, info.bytes(address + modulesAt, 0));
    return new StartData(address, all, address + infoAt);
  }

  /** With its end; nothing for an empty one. */
  private static byte[] text(String line) {
    byte[] text = line.getBytes(StandardCharsets.UTF_8);
    return text.length == 0 ? text : Arrays.copyOf(text, text.length + 1);
  }

  private static int up(int length) {
    return length + ALIGNMENT - 1 & -ALIGNMENT;
  }

  private static void put(byte[] to, int at, byte[] from) {
    System.arraycopy(from, 0, to, at, from.length);
  }
}
