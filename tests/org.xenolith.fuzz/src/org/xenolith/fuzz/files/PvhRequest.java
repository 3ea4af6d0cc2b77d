// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.xenolith.boot.api.BootModule;
import org.xenolith.boot.api.BootPlan;
import org.xenolith.boot.api.BootRequest;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.pvh.codec.PvhKernel;
import org.xenolith.pvh.codec.StartInfo;
import org.xenolith.x64.api.PvhEntry;

/**
 * What a loader was asked for, and whether its plan is that.
 *
 * @param memory where the machine has RAM
 * @param elf    the kernel as an ELF file; null if that isn't known
 */
record PvhRequest(List<MemoryRange> memory, BootRequest request, byte[] elf) {
  private static final long FOUR_GIB = 1L << 32;
  /** One piece; one that is too small for most; one that goes on above 4 GiB; one with holes. */
  static final List<List<MemoryRange>> MEMORY = List.of(List.of(new MemoryRange(0, 16 << 20)), List.of(new MemoryRange(0, 0x12_0000)),
      List.of(new MemoryRange(0, 4 << 20), new MemoryRange(FOUR_GIB, 4 << 20)), List.of(new MemoryRange(0, 0x8_0000), new MemoryRange(
          0x10_0000, 0x8_0000), new MemoryRange(0x100_0000, 2 << 20)));
  /** The ACPI tables', and a piece of what kernels want. */
  static final List<MemoryRange> RESERVED = List.of(new MemoryRange(0xE_0000, 0x2000), new MemoryRange(0x11_8000, 0x1000));
  /** BIOS data, video memory and ROMs of PCs. */
  private static final MemoryRange FIRMWARE = new MemoryRange(0x9_FC00, 0x10_0000 - 0x9_FC00);
  private static final MemoryRange FIRST_PAGE = new MemoryRange(0, 0x1000);
  private static final int MAGIC = 0x336E_C578;

  /** Everything lies where there is RAM, beside all others; the kernel is where it says, or where it may be. */
  void checkPlaces(Reading reading, BootPlan plan) {
    List<MemoryRange> all = new ArrayList<>(plan.segments().stream().map(BootPlan.Segment::range).filter(range -> range.size() > 0)
        .toList());
    for (MemoryRange range : all) {
      reading.expect(memory.stream().anyMatch(ram -> range.base() >= ram.base() && range.end() <= ram.end()),
          "placed where there is no RAM: " + range);
      reading.expect(!range.overlaps(FIRMWARE) && !range.overlaps(FIRST_PAGE), "placed where PCs have no free RAM: " + range);
      reading.expect(request.reserved().stream().noneMatch(range::overlaps), "placed over what is reserved: " + range);
    }
    all.sort(Comparator.comparingLong(MemoryRange::base));
    for (int i = 1; i < all.size(); i++) {
      reading.expect(all.get(i - 1).end() <= all.get(i).base(), "placed over each other: " + all);
    }
    plan.segments().forEach(segment -> reading.expect(segment.data().length <= segment.range().size(),
        segment.name() + " has " + segment.data().length + " bytes for " + segment.range()));
    long eip = ((PvhEntry) plan.entry()).eip();
    reading.expect(plan.segments().stream().anyMatch(s -> s.name().startsWith("kernel") && eip >= s.range().base() && eip < s.range()
        .base() + s.data().length), "entered at 0x" + Long.toHexString(eip));
    reading.expect(plan.tree().isEmpty(), "a PC is given a device tree");
    if (elf != null) {
      checkKernel(reading, plan, eip);
    }
  }

  private void checkKernel(Reading reading, BootPlan plan, long eip) {
    PvhKernel kernel = PvhKernel.parse(elf);
    long moved = eip - kernel.entry();
    for (int i = 0; i < kernel.segments().size(); i++) {
      PvhKernel.Segment from = kernel.segments().get(i);
      BootPlan.Segment to = plan.segments().get(i);
      reading.expect(to.range().base() == from.address() + moved && to.range().size() == from.size() && Arrays.equals(from.data(), to
          .data()),
          "segment " + i + " of the kernel isn't what it says");
    }
    if (moved != 0) {
      PvhKernel.Relocation allowed = kernel.relocation().orElse(new PvhKernel.Relocation(1, 0, -1));
      long first = kernel.segments().getFirst().address() + moved;
      reading.expect(first % allowed.alignment() == 0 && first >= allowed.lowest() && kernel.segments().getLast().end() + moved - 1
          <= allowed
              .highest(), "the kernel is moved to 0x" + Long.toHexString(first) + ", which its note doesn't allow: " + allowed);
    }
  }

  /** The start_info in memory leads to what the kernel was to be given. */
  void checkStartInfo(Reading reading, BootPlan plan, StartInfo.Memory machine) {
    long at = ((PvhEntry) plan.entry()).ebx();
    String layout = request.options().getOrDefault("start-info", List.of("1")).getFirst();
    StartInfo info = layout.equals("draft") ? draft(machine, at) : StartInfo.parse(machine, at);
    reading.expect(info.layout() == switch (layout) {
      case "1" -> StartInfo.Layout.VERSION_1;
      case "0" -> StartInfo.Layout.VERSION_0;
      default -> StartInfo.Layout.DRAFT;
    }, "start_info is " + info.layout() + " where " + layout + " was asked for");
    reading.expect(info.flags() == 0 && info.rootPointer() == request.rootPointer().orElse(0), "start_info has " + info);
    text(reading, machine, "the command line", info.commandLine(), request.commandLine());
    List<BootModule> modules = new ArrayList<>();
    request.initrd().ifPresent(data -> modules.add(new BootModule("", data, "")));
    modules.addAll(request.modules());
    reading.expect(info.modules().size() == modules.size(), info.modules().size() + " modules of " + modules.size());
    for (int i = 0; i < Math.min(modules.size(), info.modules().size()); i++) {
      StartInfo.Module module = info.modules().get(i);
      byte[] data = modules.get(i).data();
      reading.expect(module.size() == data.length && Arrays.equals(data, machine.read(module.address(), data.length)), "module " + i
          + " isn't what was given: " + module);
      text(reading, machine, "the text of module " + i, module.commandLine(), modules.get(i).arguments());
    }
    if (layout.equals("1")) {
      checkMap(reading, plan, info.memoryMap());
    }
  }

  private static void text(Reading reading, StartInfo.Memory machine, String what, long at, String expected) {
    byte[] bytes = expected.getBytes(StandardCharsets.UTF_8);
    reading.expect(expected.isEmpty() ? at == 0 : at != 0 && Arrays.equals(Arrays.copyOf(bytes, bytes.length + 1), machine.read(at,
        bytes.length + 1)), what + " isn't '" + expected + "'");
  }

  /** Six words, and modules of four. */
  private static StartInfo draft(StartInfo.Memory machine, long at) {
    ByteBuffer words = ByteBuffer.wrap(machine.read(at, 24)).order(ByteOrder.LITTLE_ENDIAN);
    if (words.getInt(0) != MAGIC) {
      throw new IllegalStateException("no magic");
    }
    List<StartInfo.Module> modules = new ArrayList<>();
    for (int i = 0; i < words.getInt(12); i++) {
      ByteBuffer each = ByteBuffer.wrap(machine.read(words.getInt(16) + 16L * i, 16)).order(ByteOrder.LITTLE_ENDIAN);
      modules.add(new StartInfo.Module(each.getInt(0), each.getInt(4), each.getInt(8)));
    }
    return new StartInfo(StartInfo.Layout.DRAFT, words.getInt(4), modules, words.getInt(8), words.getInt(20), List.of());
  }

  /** By address, nothing twice; what is RAM is the machine's, isn't reserved, and has all that was placed. */
  private void checkMap(Reading reading, BootPlan plan, List<StartInfo.MemoryEntry> map) {
    long end = 0;
    List<MemoryRange> ram = new ArrayList<>();
    for (StartInfo.MemoryEntry entry : map) {
      reading.expect(entry.address() >= end && entry.size() > 0, "the memory map isn't in order: " + map);
      end = entry.address() + entry.size();
      if (entry.type() == StartInfo.MemoryEntry.RAM) {
        ram.add(new MemoryRange(entry.address(), entry.size()));
      }
    }
    for (MemoryRange range : ram) {
      reading.expect(memory.stream().anyMatch(real -> range.base() >= real.base() && range.end() <= real.end()),
          "the memory map has RAM where there is none: " + range);
      reading.expect(!range.overlaps(FIRMWARE) && request.reserved().stream().noneMatch(range::overlaps),
          "the memory map has as RAM what is reserved: " + range);
    }
    long had = memory.stream().mapToLong(MemoryRange::size).sum();
    List<MemoryRange> gone = new ArrayList<>(request.reserved());
    gone.removeIf(FIRMWARE::overlaps);
    gone.add(FIRMWARE);
    for (MemoryRange range : gone) {
      for (MemoryRange real : memory) {
        had -= Math.max(0, Math.min(range.end(), real.end()) - Math.max(range.base(), real.base()));
      }
    }
    long said = ram.stream().mapToLong(MemoryRange::size).sum();
    reading.expect(said == had, "the memory map has 0x%x bytes of RAM, the machine 0x%x".formatted(said, had));
    plan.segments().forEach(segment -> reading.expect(segment.range().size() == 0 || ram.stream().anyMatch(range -> segment.range()
        .base() >= range.base() && segment.range().end() <= range.end()), segment.name() + " is where the memory map has no RAM"));
  }
}
