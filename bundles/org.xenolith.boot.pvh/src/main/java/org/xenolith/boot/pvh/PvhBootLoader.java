// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.pvh;

import static org.xenolith.command.api.OptionName.option;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.BootLoader;
import org.xenolith.boot.api.BootModule;
import org.xenolith.boot.api.BootPlan;
import org.xenolith.boot.api.BootRequest;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.pvh.codec.BzImage;
import org.xenolith.pvh.codec.PvhFault;
import org.xenolith.pvh.codec.PvhKernel;
import org.xenolith.pvh.codec.StartInfo;
import org.xenolith.pvh.kit.PageBuffer;
import org.xenolith.pvh.kit.PvhUnpacker;
import org.xenolith.x64.api.PvhEntry;

/**
 * Lays out a kernel that is entered by the PVH boot ABI (Xen, docs/misc/pvh.pandoc; public/arch-x86/hvm/start_info.h): the kernel where it says, or where its
 * note 19 allows; modules, the initramfs first, as high as 32-bit addresses reach; start_info and what it names in low memory.
 *
 * <p>The memory map has the machine's RAM but for the area from 639 KiB to 1 MiB, which on PCs is BIOS data, video memory and ROMs, and what firmware has put somewhere.
 */
public class PvhBootLoader implements BootLoader {
  private static final long PAGE = 4096;
  private static final long FOUR_GIB = 1L << 32;
  /** Where the extended BIOS data area begins on most PCs, and video memory and ROMs behind it. */
  private static final long BIOS_DATA = 0x9_FC00;
  private static final long VIDEO = 0xA_0000;
  private static final long ROM = 0xE_0000;
  private static final long MEGABYTE = 0x10_0000;

  @Override
  public String format() {
    return "PVH kernel for x86 (vmlinux or bzImage)";
  }

  @Override
  public boolean recognises(byte[] kernel) {
    if (BzImage.recognises(kernel)) {
      return true;
    }
    // The ELF loader knows those of Arm.
    int machine = kernel.length > 19 && PvhKernel.isElf(kernel) ? kernel[18] & 0xFF | (kernel[19] & 0xFF) << 8 : 0;
    return machine == 3 || machine == 62;
  }

  @Override
  public BootPlan plan(BootRequest request) {
    if (request.loadAddress().isPresent() || request.entry().isPresent()) {
      throw new BootException("a PVH kernel says itself where it may lie and how it is entered. Leave out " + option("kernel-address")
          + " and "
          + option("entry") + ", which are for flat binaries and ELF files.");
    }
    try {
      return new Layout(request).plan();
    } catch (PvhFault fault) {
      throw new BootException(fault.getMessage(), fault);
    }
  }

  /** One plan. */
  private static final class Layout {
    private final BootRequest request;
    private final long total;
    private final LowMemory free;
    private final List<BootPlan.Segment> segments = new ArrayList<>();

    Layout(BootRequest request) {
      this.request = request;
      total = request.memory().stream().mapToLong(MemoryRange::size).sum();
      List<MemoryRange> kept = new ArrayList<>(request.reserved());
      kept.add(new MemoryRange(0, PAGE));
      kept.add(new MemoryRange(BIOS_DATA, MEGABYTE - BIOS_DATA));
      free = new LowMemory(request.memory(), kept);
    }

    BootPlan plan() {
      byte[] file = request.kernel();
      boolean packed = BzImage.recognises(file);
      PageBuffer unpacked = new PageBuffer();
      PvhKernel kernel = placed(packed ? PvhKernel.parse(PvhUnpacker.unpack(BzImage.parse(file), total, unpacked)) : PvhKernel.parse(file));
      for (PvhKernel.Segment each : kernel.segments()) {
        segments.add(new BootPlan.Segment("kernel at 0x%x".formatted(each.address()), new MemoryRange(each.address(), each.size()), each
            .bytes()));
      }
      List<StartInfo.Module> modules = modules();
      long commandLine = request.commandLine().isEmpty() ? 0 : low("command line", text(request.commandLine()));
      StartInfo info = new StartInfo(StartInfoOption.of(request), 0, modules, commandLine, request.rootPointer().orElse(0), memoryMap());
      long list = modules.isEmpty() ? 0 : low("list of modules", info.modulesBytes());
      long map = info.layout() == StartInfo.Layout.VERSION_1 ? low("memory map", info.mapBytes()) : 0;
      long start = low("start_info", info.bytes(list, map));
      // Not formatted: decimal numbers have the JVM read the signs of the user's language first.
      String description = "PVH kernel" + (packed ? " in a bzImage" : "") + ", entered at 0x" + Long.toHexString(kernel.entry()) + ", "
          + modules.size() + " modules";
      return new BootPlan(description, segments, Optional.empty(), new PvhEntry(kernel.entry(), start), unpacked::release);
    }

    /** The kernel where it is linked, or moved if that isn't free and it says that it may be. */
    private PvhKernel placed(PvhKernel kernel) {
      long from = kernel.segments().getFirst().address();
      long end = kernel.segments().getLast().end();
      if (kernel.segments().stream().allMatch(each -> free.contains(each.address(), each.size()))) {
        kernel.segments().forEach(each -> free.take(each.address(), each.size()));
        return kernel;
      }
      String needed = "the kernel needs 0x%x to 0x%x".formatted(from, end - 1);
      PvhKernel.Relocation relocation = kernel.relocation().orElseThrow(() -> new BootException(needed + unmovable(end)));
      long size = end - from;
      long place = free.lowest(size, relocation.alignment(), relocation.lowest(), Math.min(FOUR_GIB, relocation.highest() + 1));
      if (place < 0) {
        throw new BootException(
            "%s or as many bytes from 0x%x to 0x%x at a multiple of 0x%x (note 19), and there is no such place in the machine's %d MiB. Give the machine more memory."
                .formatted(needed, relocation.lowest(), relocation.highest(), relocation.alignment(), total >> 20));
      }
      free.take(place, size);
      return kernel.moved(place - from);
    }

    /** Why a kernel that ends there and can't be moved has no place. */
    private String unmovable(long end) {
      if (request.memory().stream().allMatch(range -> range.base() >= end)) {
        return ", and this board has no RAM there, but " + request.memory().stream().map(MemoryRange::toString).collect(Collectors.joining(
            ", ")) + ". Name a PC, as the board pc-pvh.";
      }
      return ", which isn't all free RAM of the machine's " + (total >> 20)
          + " MiB, and it says of no other place (note 19). Give the machine more memory.";
    }

    private List<StartInfo.Module> modules() {
      List<StartInfo.Module> modules = new ArrayList<>();
      request.initrd().filter(data -> data.length > 0).ifPresent(data -> modules.add(module("initramfs", data, "")));
      for (BootModule each : request.modules()) {
        if (each.data().length == 0) {
          throw new BootException("the " + each.kind() + " module is empty. Give it a file with something in it.");
        }
        modules.add(module(each.kind() + " module", each.data(), each.arguments()));
      }
      return modules;
    }

    private StartInfo.Module module(String name, byte[] data, String arguments) {
      long place = free.highest(data.length, PAGE, MEGABYTE, FOUR_GIB);
      if (place < 0) {
        place = free.highest(data.length, PAGE, MEGABYTE, Long.MAX_VALUE);
      }
      if (place < 0) {
        throw new BootException(
            "the %s needs %.1f MiB in one piece, which the machine's %d MiB don't have beside the kernel. Give the machine more memory."
                .formatted(name,
                    data.length / 1048576.0, total >> 20));
      }
      free.take(place, data.length);
      segments.add(new BootPlan.Segment(name, new MemoryRange(place, data.length), data));
      long text = arguments.isEmpty() ? 0 : low("arguments of the " + name, text(arguments));
      return new StartInfo.Module(place, data.length, text);
    }

    private static byte[] text(String line) {
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /** Puts something where 16-bit code could reach it, or wherever 32-bit code does. */
    private long low(String name, byte[] data) {
      long place = free.lowest(data.length, 16, PAGE, BIOS_DATA);
      if (place < 0) {
        place = free.lowest(data.length, 16, MEGABYTE, FOUR_GIB);
      }
      if (place < 0) {
        throw new BootException("there is no room of %d bytes below 4 GiB for the %s. Give the machine more memory.".formatted(data.length,
            name));
      }
      free.take(place, data.length);
      segments.add(new BootPlan.Segment(name, new MemoryRange(place, data.length), data));
      return place;
    }

    /** RAM without what is reserved, and what is reserved, by address. */
    private List<StartInfo.MemoryEntry> memoryMap() {
      List<MemoryRange> kept = new ArrayList<>(request.reserved());
      kept.add(new MemoryRange(BIOS_DATA, VIDEO - BIOS_DATA));
      kept.add(new MemoryRange(ROM, MEGABYTE - ROM));
      List<MemoryRange> gone = new ArrayList<>(kept);
      gone.add(new MemoryRange(VIDEO, ROM - VIDEO));
      List<StartInfo.MemoryEntry> map = new ArrayList<>();
      for (MemoryRange ram : new LowMemory(request.memory(), gone).ranges()) {
        map.add(new StartInfo.MemoryEntry(ram.base(), ram.size(), StartInfo.MemoryEntry.RAM));
      }
      for (MemoryRange range : LowMemory.merged(kept)) {
        map.add(new StartInfo.MemoryEntry(range.base(), range.size(), StartInfo.MemoryEntry.RESERVED));
      }
      map.sort(Comparator.comparingLong(StartInfo.MemoryEntry::address));
      return map;
    }
  }
}
