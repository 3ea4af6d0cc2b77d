// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.xenolith.boot.api.FirmwareFiles;
import org.xenolith.boot.api.FirmwareKind;
import org.xenolith.boot.api.FirmwareSource;
import org.xenolith.command.api.BadInput;

/** Debian from its disk image by Debian's UEFI firmware, the same files on both sides: to the boot loader's menu, and to a login. */
final class FirmwareMeasurement implements Measurement {
  private static final String FIRMWARE = "aavmf";
  private static final String LOADER = "GNU GRUB";
  private static final String KERNEL = "EFI stub: Exiting boot services";
  private static final String LOGIN = "debian login: ";
  private static final String MEMORY = "1G";
  private static final long BANK = 64 << 20;
  private final List<String> ours;
  private final List<String> peer;

  FirmwareMeasurement(TestBed bed, List<FirmwareKind> kinds) throws IOException, InterruptedException {
    FirmwareFiles firmware = kinds.stream().filter(FirmwareSource.class::isInstance).map(FirmwareSource.class::cast).filter(source -> source
        .name().equals(
            FIRMWARE)).findFirst().orElseThrow(() -> new BadInput(
                "bench needs the firmware '" + FIRMWARE + "', whose bundle is not installed")).obtain(bed.progress());
    Path disk = bed.folder().resolve("debian.img");
    bed.progress().progress("the image 'debian': made, which takes minutes, or copied");
    PeerTools.run(PeerTools.launcher(), "image", "make", "debian", "--to", disk.toString());
    ours = bed.ours("--firmware", FIRMWARE, "--gic", bed.gic(), "--memory", MEMORY, "--disk", disk, "--until", LOGIN);
    Path code = bank(firmware.code(), bed.folder().resolve("code.fd"));
    Path variables = bank(firmware.variables().orElseThrow(), bed.folder().resolve("variables.fd"));
    peer = List.of(PeerTools.qemu(), "-M", "virt,gic-version=" + bed.gic(), "-cpu", "cortex-a57", "-m", MEMORY, "-smp", "1", "-nographic",
        "-no-reboot", "-net", "none", "-drive", "if=pflash,format=raw,readonly=on,file=" + code, "-drive",
        "if=pflash,format=raw,snapshot=on,file=" + variables, "-drive", "if=none,id=disk,format=raw,snapshot=on,file=" + disk, "-global",
        "virtio-mmio.force-legacy=false", "-device", "virtio-blk-device,drive=disk");
  }

  /** A file as long as a bank of flash, which QEMU wants. */
  private static Path bank(Path file, Path to) throws IOException {
    Files.copy(file, to);
    try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), BANK - 1);
    }
    return to;
  }

  @Override
  public String toString() {
    return BenchPart.UEFI.toString();
  }

  @Override
  public void run(boolean isOurs, Figures figures) throws IOException, InterruptedException {
    EmulatorRun run = isOurs ? EmulatorRun.toItsEnd(ours, LOGIN, LOADER, KERNEL) : EmulatorRun.toTheMarker(peer, LOGIN, LOADER, KERNEL);
    figures.of(BenchPart.UEFI, "loader", "ms", "to GRUB's menu, whole process").add(isOurs, run.moment(LOADER), run.load());
    figures.of(BenchPart.UEFI, "kernel", "ms", "to the kernel's own start").add(isOurs, run.moment(KERNEL), run.load());
    figures.of(BenchPart.UEFI, "login", "ms", "to the login, systemd and all").add(isOurs, run.marker(), run.load());
    figures.of(BenchPart.UEFI, "memory", "MiB", "peak resident memory then").add(isOurs, run.peakMemory(), run.load());
  }
}
