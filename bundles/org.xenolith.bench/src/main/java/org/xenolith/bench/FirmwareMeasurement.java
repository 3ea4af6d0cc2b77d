// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.xenolith.boot.api.FirmwareFiles;
import org.xenolith.boot.api.FirmwareKind;
import org.xenolith.boot.api.FirmwareSource;
import org.xenolith.command.api.BadInput;

/** Debian from its disk image by UEFI firmware: to the boot loader's menu, and to a login. */
final class FirmwareMeasurement implements Measurement {
  private static final String FIRMWARE = "aavmf";
  private static final String LAYERS = "xenolith";
  private static final String LOADER = "GNU GRUB";
  private static final String STUB = "EFI stub: Booting Linux Kernel";
  private static final String KERNEL = "EFI stub: Exiting boot services";
  private static final String LOGIN = "debian login: ";
  private static final String MEMORY = "1G";
  private static final long BANK = 64 << 20;
  private final BenchPart part;
  private final List<String> ours;
  private final List<String> peer;
  /** What ours, which is on both sides then, report of themselves; null with another peer. */
  private final Path report;

  private FirmwareMeasurement(BenchPart part, List<String> ours, List<String> peer, Path report) {
    this.part = part;
    this.ours = ours;
    this.peer = peer;
    this.report = report;
  }

  /** Debian's firmware, the same files on both sides. */
  static FirmwareMeasurement ofFlash(TestBed bed, List<FirmwareKind> kinds) throws IOException, InterruptedException {
    FirmwareFiles firmware = kinds.stream().filter(FirmwareSource.class::isInstance).map(FirmwareSource.class::cast).filter(source -> source
        .name().equals(
            FIRMWARE)).findFirst().orElseThrow(() -> new BadInput(
                "bench needs the firmware '" + FIRMWARE + "', whose bundle is not installed")).obtain(bed.progress());
    Path disk = disk(bed);
    Path code = bank(firmware.code(), bed.folder().resolve("code.fd"));
    Path variables = bank(firmware.variables().orElseThrow(), bed.folder().resolve("variables.fd"));
    List<String> peer = List.of(PeerTools.qemu(), "-M", "virt,gic-version=" + bed.gic(), "-cpu", "cortex-a57", "-m", MEMORY, "-smp", "1",
        "-nographic", "-no-reboot", "-net", "none", "-drive", "if=pflash,format=raw,readonly=on,file=" + code, "-drive",
        "if=pflash,format=raw,snapshot=on,file=" + variables, "-drive", "if=none,id=disk,format=raw,snapshot=on,file=" + disk, "-global",
        "virtio-mmio.force-legacy=false", "-device", "virtio-blk-device,drive=disk");
    return new FirmwareMeasurement(BenchPart.UEFI, boot(bed, FIRMWARE, disk), peer, null);
  }

  /** Firmware of bundles, beside Debian's on the same machine of ours. */
  static FirmwareMeasurement ofLayers(TestBed bed) throws IOException, InterruptedException {
    Path disk = disk(bed);
    Path report = bed.folder().resolve("layers.json");
    return new FirmwareMeasurement(BenchPart.LAYERS, boot(bed, LAYERS, disk, "--report", report), boot(bed, FIRMWARE, disk, "--report",
        report), report);
  }

  private static List<String> boot(TestBed bed, String firmware, Path disk, Object... more) {
    List<String> line = new ArrayList<>(bed.ours("--firmware", firmware, "--gic", bed.gic(), "--memory", MEMORY, "--disk", disk, "--until",
        LOGIN));
    Stream.of(more).map(Object::toString).forEach(line::add);
    return line;
  }

  /** Made once for all that are measured. */
  private static Path disk(TestBed bed) throws IOException, InterruptedException {
    Path disk = bed.folder().resolve("debian.img");
    if (!Files.exists(disk)) {
      bed.progress().progress("the image 'debian': made, which takes minutes, or copied");
      PeerTools.run(PeerTools.launcher(), "image", "make", "debian", "--to", disk.toString());
    }
    return disk;
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
    return part.toString();
  }

  @Override
  public String peer() {
    return part.peer;
  }

  @Override
  public void run(boolean isOurs, Figures figures) throws IOException, InterruptedException {
    EmulatorRun run = isOurs || report != null ? EmulatorRun.toItsEnd(isOurs ? ours : peer, LOGIN, LOADER, STUB, KERNEL)
        : EmulatorRun.toTheMarker(peer, LOGIN, LOADER, STUB, KERNEL);
    figures.of(part, "loader", "ms", "to GRUB's menu, whole process").add(isOurs, run.moment(LOADER), run.load());
    figures.of(part, "stub", "ms", "to the kernel's first line").add(isOurs, run.moment(STUB), run.load());
    if (report != null) {
      double start = JsonParser.parseString(Files.readString(report)).getAsJsonObject().get("startSeconds").getAsDouble() * 1e3;
      figures.of(part, "power", "ms", "from the first guest instruction to the kernel's first line").add(isOurs, run.moment(STUB) - start,
          run
              .load());
    }
    figures.of(part, "kernel", "ms", "to the kernel's own start").add(isOurs, run.moment(KERNEL), run.load());
    figures.of(part, "login", "ms", "to the login, systemd and all").add(isOurs, run.marker(), run.load());
    figures.of(part, "memory", "MiB", "peak resident memory then").add(isOurs, run.peakMemory(), run.load());
  }
}
