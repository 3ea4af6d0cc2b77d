// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.bare;

import java.util.List;
import java.util.Optional;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.BootLoader;
import org.xenolith.boot.api.BootPlan;
import org.xenolith.boot.api.BootRequest;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.boot.kit.ForeignFile;
import org.xenolith.boot.kit.KernelUnpacker;

/**
 * Takes any file that has no format of its own as code that begins with its first byte. It goes where QEMU's {@code -kernel} puts
 * one, 512 KiB behind the start of RAM, or where the user wants it. The device tree is behind it, where x0 tells, as QEMU has it, and once
 * more at the start of RAM, where U-Boot for QEMU's {@code virt} looks.
 */
public class FlatBootLoader implements BootLoader {
  /** What a PC's CPU is compatible with. */
  private static final String X86_64 = "xenolith,x86-64";

  @Override
  public String format() {
    return "flat binary";
  }

  @Override
  public boolean recognises(byte[] kernel) {
    return !ElfFile.recognises(kernel) && !isImage(kernel) && !KernelUnpacker.recognises(kernel);
  }

  /** Linux, Documentation/arch/arm64/booting.rst: the magic at byte 56. */
  private static boolean isImage(byte[] file) {
    return file.length >= 64 && file[56] == 'A' && file[57] == 'R' && file[58] == 'M' && file[59] == 0x64;
  }

  @Override
  public BootPlan plan(BootRequest request) {
    byte[] code = request.kernel();
    if (code.length == 0) {
      throw new BootException("the file is empty. Name a program.");
    }
    Optional<String> foreign = ForeignFile.describe(code);
    if (foreign.isPresent()) {
      throw new BootException("the file is " + foreign.get());
    }
    if (request.cpus().stream().anyMatch(cpu -> cpu.isCompatible(X86_64))) {
      throw new BootException(
          "the file is neither a bzImage nor an ELF file, and a PC is entered with a kernel that says how (PVH, note 18)."
              + " Name such a kernel; flat binaries are for boards with Arm's CPUs.");
    }
    Layout layout = new Layout(request);
    MemoryRange range = layout.program("the flat binary", request.loadAddress().orElse(layout.usual()), code.length);
    long entry = layout.entry(request.entry().orElse(range.base()), List.of(range));
    if (request.loadAddress().isEmpty()) {
      CodeCheck.check(code, (int) (entry - range.base()));
    }
    FirstRegisters.check(code, entry - range.base(), request.cpus());
    return layout.planWithTreeBehind("flat binary, " + code.length + " bytes", List.of(new BootPlan.Segment("kernel", range, code)), entry);
  }
}
