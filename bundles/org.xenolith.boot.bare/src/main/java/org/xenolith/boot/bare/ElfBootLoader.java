// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.bare;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.BootLoader;
import org.xenolith.boot.api.BootPlan;
import org.xenolith.boot.api.BootRequest;
import org.xenolith.boot.api.MemoryRange;

/**
 * Loads ELF programs by their program headers. Physical addresses count; one that is position-independent (ET_DYN) can be put
 * elsewhere, and is where its own addresses are no RAM.
 */
public class ElfBootLoader implements BootLoader {
  @Override
  public String format() {
    return "AArch64 ELF file";
  }

  @Override
  public boolean recognises(byte[] kernel) {
    return ElfFile.recognises(kernel);
  }

  @Override
  public BootPlan plan(BootRequest request) {
    ElfFile elf = ElfFile.parse(request.kernel());
    Layout layout = new Layout(request);
    long move = move(elf, request, layout);
    List<BootPlan.Segment> segments = new ArrayList<>();
    for (ElfFile.Part part : elf.parts()) {
      MemoryRange range = layout.program("a segment of the ELF file", part.address() + move, part.size());
      segments.add(new BootPlan.Segment("kernel", range, part.data()));
    }
    long entry = layout.entry(request.entry().orElse(elf.entry() + move), segments.stream().map(BootPlan.Segment::range).toList());
    for (BootPlan.Segment segment : segments) {
      if (entry >= segment.range().base() && entry < segment.range().end()) {
        FirstRegisters.check(segment.data(), entry - segment.range().base(), request.cpus());
      }
    }
    return layout.plan("AArch64 ELF file, " + segments.size() + " segments", segments, entry);
  }

  /** How far the file's addresses are moved. */
  private static long move(ElfFile elf, BootRequest request, Layout layout) {
    long lowest = elf.parts().stream().mapToLong(ElfFile.Part::address).min().orElseThrow();
    boolean fits = elf.parts().stream().allMatch(part -> layout.hasRam(part.address(), part.size()));
    if (request.loadAddress().isEmpty() && (fits || !elf.independent())) {
      return 0;
    }
    long wanted = request.loadAddress().orElse(layout.usual());
    if (!elf.independent() && wanted != lowest) {
      throw new BootException("the ELF file is linked to lie at %#x; only a position-independent one can be put at %#x.".formatted(lowest,
          wanted));
    }
    long alignment = elf.parts().stream().mapToLong(ElfFile.Part::alignment).max().orElseThrow();
    if ((wanted - lowest) % alignment != 0) {
      throw new BootException("the ELF file can't be put at %#x: its segments may be moved by multiples of %#x, from %#x on.".formatted(
          wanted, alignment, lowest));
    }
    return wanted - lowest;
  }
}
