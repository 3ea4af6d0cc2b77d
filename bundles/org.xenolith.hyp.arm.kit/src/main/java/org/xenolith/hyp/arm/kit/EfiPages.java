// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.kit;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.xenolith.efi.kit.EfiMemoryMap;
import org.xenolith.efi.kit.EfiMemoryType;
import org.xenolith.efi.kit.EfiPlaces;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.build.kit.BuildPorts;
import org.xenolith.hyp.build.kit.NewDomain;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.xen.abi.XenErrno;

/**
 * What the hardware domain is given in the place of EFI firmware: tables of its builder's, the EFI system table, the memory map; in one
 * piece, in Xen's order.
 *
 * @param base     intermediate physical address of the first byte
 * @param bytes    whole pages of it
 * @param readOnly bytes from the first on that the domain has no business to write, whole pages too
 * @param places   where in it system table and memory map are
 */
public record EfiPages(long base, byte[] bytes, int readOnly, EfiPlaces places) {
  /** Room for them, in pages: behind it pages of up to 64 KiB begin, too. */
  public static final int ROOM = 16;
  private static final int PAGE = 1 << NewDomain.PAGE_SHIFT;
  private static final int ALIGNMENT = 8;
  private static final int UEFI_2_50 = 2 << 16 | 50;

  /**
   * What they say.
   *
   * @param tables        what the builder puts first
   * @param configuration configuration tables: GUID as text, address
   * @param banks         RAM of the domain
   * @param kept          the machine's memory of tables
   * @param lpis          whether the domain has a GICv3 with LPIs: their tables must stay over a kexec, which Linux notes in a table of its
   *                      own; without it there is a warning at each of them. It is behind the others, as the domain writes it
   */
  public record Contents(byte[] tables, Map<String, Long> configuration, List<FdtWindow> banks, List<EfiMemoryMap.Range> kept,
      boolean lpis) {}

  /**
   * Puts them together.
   *
   * @param room where they go
   * @throws IllegalArgumentException if there is no room for them
   */
  public static EfiPages of(FdtWindow room, Contents contents) {
    long base = room.base();
    long systemTable = aligned(base + contents.tables.length);
    EfiSystemTable system = new EfiSystemTable(UEFI_2_50, "Xen", 1);
    contents.configuration.forEach(system::configuration);
    // An entry more doesn't move what is before it.
    long map = aligned(systemTable + system.length() + (contents.lpis ? EfiSystemTable.ENTRY : 0));
    int mapSize = (contents.banks.size() + contents.kept.size() + 1) * EfiMemoryMap.DESCRIPTOR_SIZE;
    long readOnly = map + mapSize - base + PAGE - 1 & -PAGE;
    if (contents.lpis) {
      system.configuration(EfiSystemTable.LINUX_MEMRESERVE, base + readOnly);
    }
    long size = readOnly + (contents.lpis ? PAGE : 0);
    if (size > room.size()) {
      throw new IllegalArgumentException("the domain's tables take " + size + " bytes, there is room for " + room.size()
          + "; hide fewer devices, or boot it by device tree");
    }
    ByteBuffer all = ByteBuffer.allocate((int) size);
    all.put(0, contents.tables);
    // All of the header's size counts in the checksum: as in Xen's it is that of all three pieces.
    all.put((int) (systemTable - base), system.bytes(systemTable, system.length()));
    all.put((int) (map - base), map(contents, new EfiMemoryMap.Range(EfiMemoryType.ACPI_RECLAIM, base, size, 0)));
    return new EfiPages(base, all.array(), (int) readOnly, new EfiPlaces(systemTable, map, mapSize));
  }

  private static long aligned(long address) {
    return address + ALIGNMENT - 1 & -ALIGNMENT;
  }

  private static byte[] map(Contents contents, EfiMemoryMap.Range own) {
    EfiMemoryMap map = new EfiMemoryMap();
    contents.banks.forEach(bank -> map.ram(bank.base(), bank.size()));
    Stream.concat(contents.kept.stream(), Stream.of(own)).forEach(range -> map.ram(range.base(), range.size()).claim(range.type(),
        range.base(), range.size(), 0));
    return map.bytes();
  }

  /** Maps them, in memory of the hypervisor's, which is free again once the domain's stage 2 is gone. */
  public void show(NewDomain made, BuildPorts ports) {
    int pages = bytes.length / PAGE;
    FrameHeap frames = ports.frames();
    long first = frames.allocate(FrameHeap.HYPERVISOR, pages, 1);
    if (first < 0) {
      throw new HypervisorException(-XenErrno.XEN_ENOMEM, "domain " + made.domain().name() + ": no memory left for its tables");
    }
    MachineMemory memory = new MachineMemory(ports.bus());
    for (int i = 0; i < pages; i++) {
      memory.write(first + i << NewDomain.PAGE_SHIFT, bytes, i * PAGE, PAGE);
    }
    long frame = base >>> NewDomain.PAGE_SHIFT;
    int kept = readOnly / PAGE;
    int answer = ports.p2m().map(made.domain(), frame, first, kept, PageType.RAM_READ_ONLY);
    if (answer == 0) {
      answer = ports.p2m().map(made.domain(), frame + kept, first + kept, pages - kept, PageType.RAM);
    }
    for (int i = 0; i < pages; i++) {
      frames.free(FrameHeap.HYPERVISOR, first + i);
    }
    made.demand(answer, "mapping its tables");
  }
}
