// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh;

import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.xenolith.acpi.codec.LinkedTables;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.kit.NewDomain;
import org.xenolith.pvh.codec.PvhKernel;
import org.xenolith.pvh.codec.StartInfo;

/** What a guest finds in its memory when it begins: the kernel where it is linked, behind it the initial RAM disk and a page or more with the start_info and what that names. */
final class StartPages {
  private static final long PAGE = 4096;
  private static final int CHUNK = 1 << 20;

  private final NewDomain made;
  private final PvhMap map;

  StartPages(NewDomain made, PvhMap map) {
    this.made = made;
    this.map = map;
  }

  /** Copies all of it and points the first virtual CPU at the kernel. @throws IllegalArgumentException if there is no room */
  void load(PvhKernel kernel, DomainImage image) {
    long end = kernel.segments().stream().mapToLong(PvhKernel.Segment::end).max().orElse(0);
    long disk = up(end);
    long start = up(disk + image.ramdisk().length);
    if (start + 2 * PAGE > map.low()) {
      throw new IllegalArgumentException("the kernel and its initial RAM disk end at 0x%x, and the domain has %d MiB; give it more memory"
          .formatted(start, map.low() >> 20));
    }
    kernel.segments().forEach(this::copy);
    if (image.ramdisk().length > 0) {
      made.copy(disk, image.ramdisk(), "initial RAM disk");
    }
    LinkedTables tables = PvhTables.of(made.domain().vcpus().size(), PvhMap.TABLES);
    if (tables.length() > PvhMap.TABLES_SIZE) {
      throw new IllegalArgumentException("the ACPI tables of " + made.domain().vcpus().size() + " virtual CPUs have " + tables.length()
          + " bytes, and there are " + PvhMap.TABLES_SIZE + " for them; give the domain fewer virtual CPUs");
    }
    made.copy(PvhMap.TABLES, tables.bytes(), "ACPI tables");
    made.copy(start, page(tables.rsdp(), start, image, image.ramdisk().length > 0 ? Optional.of(new StartInfo.Module(disk, image
        .ramdisk().length, 0))
        : Optional.empty()), "start_info");
    made.domain().vcpu(0).powerOn(kernel.entry(), start);
  }

  private static long up(long address) {
    return address + PAGE - 1 & -PAGE;
  }

  /** A segment has zeros behind its bytes; memory is zero already. */
  private void copy(PvhKernel.Segment segment) {
    long size = segment.bytes().byteSize();
    for (long done = 0; done < size; done += CHUNK) {
      long part = Math.min(CHUNK, size - done);
      made.copy(segment.address() + done, segment.bytes().asSlice(done, part).toArray(ValueLayout.JAVA_BYTE), "kernel");
    }
  }

  /** start_info, command line, list of modules, memory map. */
  private byte[] page(long rsdp, long at, DomainImage image, Optional<StartInfo.Module> module) {
    byte[] line = image.commandLine().getBytes(StandardCharsets.UTF_8);
    byte[] text = Arrays.copyOf(line, line.length + 1);
    int lineAt = StartInfo.Layout.VERSION_1.size();
    int modulesAt = lineAt + text.length + 7 & -8;
    StartInfo info = new StartInfo(StartInfo.Layout.VERSION_1, 0, module.map(List::of).orElse(List.of()), line.length == 0 ? 0 : at
        + lineAt, rsdp,
        map.entries());
    byte[] modules = info.modulesBytes();
    int mapAt = modulesAt + modules.length;
    byte[] entries = info.mapBytes();
    byte[] page = new byte[mapAt + entries.length];
    System.arraycopy(info.bytes(at + modulesAt, at + mapAt), 0, page, 0, lineAt);
    System.arraycopy(text, 0, page, lineAt, text.length);
    System.arraycopy(modules, 0, page, modulesAt, modules.length);
    System.arraycopy(entries, 0, page, mapAt, entries.length);
    return page;
  }
}
