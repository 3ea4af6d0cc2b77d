// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.xenolith.boot.api.GuestFile;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.command.api.BadInput;
import org.xenolith.pvh.codec.BzImage;
import org.xenolith.pvh.codec.LegacyLz4;

/**
 * The same PC on both sides, with one processor of the same features, entered by the PVH boot ABI: our board {@code pc-pvh}, and QEMU's {@code microvm}, which has no legacy devices,
 * either. QEMU enters a bzImage by the protocol of that, so it is given the vmlinux in it.
 */
final class PcBed {
  private static final String MEMORY = "512";
  /** What our processor has, as far as QEMU executes it without a hypervisor of the host's. */
  private static final String PROCESSOR = "base,vendor=GenuineIntel,family=6,model=254,stepping=0,level=13,xlevel=0x80000008,phys-bits=40,"
      + "+fpu,+de,+pse,+tsc,+msr,+pae,+mce,+cx8,+apic,+sep,+mtrr,+pge,+mca,+cmov,+pat,+pse36,+clflush,+mmx,+fxsr,"
      + "+sse,+sse2,+syscall,+nx,+pdpe1gb,+rdtscp,+lm,+pni,+pclmulqdq,+ssse3,+cx16,+sse4.1,+sse4.2,+movbe,+popcnt,+aes,+xsave,+rdrand,+lahf-lm,+abm,"
      + "+fsgsbase,+smep,+adx,+smap,+clflushopt,+clwb,+xsaveopt,+xgetbv1,+arat,+umip";
  /** QEMU's microvm has no timer to calibrate the time-stamp counter by, and its CPUID doesn't say the frequency. */
  private static final String COUNTER = " tsc_early_khz=1000000 tsc=reliable";

  private final TestBed bed;
  private final GuestSource debian;

  /** @param debian its kernel for virtual machines, for amd64 */
  PcBed(TestBed bed, GuestSource debian) {
    this.bed = bed;
    this.debian = debian;
  }

  Path folder() {
    return bed.folder();
  }

  /**
   * The command lines that boot it.
   *
   * @param name  a word for file names
   * @param words added to its command line
   * @param added files added to it
   */
  GuestLines lines(String name, String words, GuestFile... added) throws IOException, InterruptedException {
    GuestRequest request = GuestRequest.PLAIN;
    for (GuestFile file : added) {
      request = request.withFile(file);
    }
    GuestImage image = debian.obtain(bed.progress(), request);
    Path kernel = Files.write(folder().resolve("pc-" + name + ".Image"), image.kernel());
    Path initrd = Files.write(folder().resolve("pc-" + name + ".initrd"), image.initrd().orElseThrow());
    Path unpacked = unpacked(image.kernel(), folder().resolve("pc-" + name + ".vmlinux"));
    String line = image.commandLine() + words;
    return new GuestLines(List.of(PeerTools.launcher(), "boot", "pc-pvh", "--engine", bed.engine(), "--limit", "3600", "--memory", MEMORY
        + "M", "--kernel", kernel.toString(), "--initrd", initrd.toString(), "--append", line), List.of(PeerTools.pc(), "-M",
            "microvm,acpi=on,rtc=on,pit=off,pic=off,isa-serial=on", "-cpu", PROCESSOR, "-m", MEMORY, "-smp", "1", "-nodefaults",
            "-nographic", "-serial", "stdio", "-no-reboot", "-kernel", unpacked.toString(), "-initrd", initrd.toString(), "-append", line
                + COUNTER));
  }

  private static Path unpacked(byte[] kernel, Path file) throws IOException {
    BzImage image = BzImage.parse(kernel);
    if (image.compression() != BzImage.Compression.LZ4) {
      throw new BadInput("bench: Debian's kernel isn't packed by LZ4 any more; leave the part pc out");
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      LegacyLz4.unpack(image.file(), image.from(), image.end(), Integer.MAX_VALUE, (bytes, length) -> out.write(bytes, 0, length));
    }
    return file;
  }
}
