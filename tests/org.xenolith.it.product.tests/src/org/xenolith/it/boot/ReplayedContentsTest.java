// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.RunReport;
import org.xenolith.testkit.FullLane;

/** A recording is replayed on what it was recorded on, and refused before it begins on anything else, which it names. */
class ReplayedContentsTest {
  private static final int DISK = 4 << 20;
  private static final String REFUSED = "SHA-256 [0-9a-f]{16}… then, [0-9]+ bytes, SHA-256 [0-9a-f]{16}… here";
  @TempDir
  private Path work;

  /** One byte becomes another one, and the file is as long as it was. */
  private static void change(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }

  private Path disk() throws IOException {
    byte[] bytes = new byte[DISK];
    new Random(7).nextBytes(bytes);
    return Files.write(work.resolve("disk.img"), bytes);
  }

  /** Replays without a word of the machine, as the journal says that itself. */
  private static Outcome replayed(Path journal, Path report) throws InterruptedException {
    return Product.run("boot", "--replay", journal, "--report", report);
  }

  /** Refused with its name, its line, and nothing of the guest. */
  private void isRefused(Path journal, String what) throws InterruptedException {
    Path report = work.resolve("refused.json");
    Outcome outcome = replayed(journal, report).expect(2).withoutStackTrace().errHas("run.journal, line [0-9]+: recorded with another "
        + what + ": [0-9]+ bytes, " + REFUSED).errHas("Replay it with what there was then.*put \"any\" for the last word of line [0-9]+");
    assertEquals("", outcome.out());
    assertTrue(Files.notExists(report), "it has not run");
  }

  private static String name(String what, Object source) {
    return what + " \\(" + Pattern.quote(source.toString()) + "\\)";
  }

  @Test
  void aSmallMachinesRecordingIsRefusedOnAnotherDiskAndTakesItWhereSomebodyWroteThatAnyWillDo() throws Exception {
    Path disk = disk();
    Path journal = work.resolve("run.journal");
    Boot recorded = Boot.run(work, "recorded", 3, "--guest", "tiny", "--limit", "0.1", "--disk", disk, "--record", journal);
    replayed(journal, work.resolve("same.json")).expect(3);
    assertEquals(recorded.report().digest(), RunReport.read(work.resolve("same.json")).digest());
    change(disk, DISK - 1);
    isRefused(journal, name("disk of /virtio_mmio@a003e00", disk));
    Files.writeString(journal, Files.readString(journal).replaceAll("(content disk .*) [0-9a-f]+\n", "$1 any\n"));
    replayed(journal, work.resolve("any.json")).expect(3);
  }

  /** It is run anew by its text, so that it's looked at before its machine runs; there is nothing to stay at. */
  @Test
  void aScenariosRecordingIsOpenedOnTheSameDiskOnly() throws Exception {
    Path disk = disk();
    Path scenario = Files.writeString(work.resolve("ticks.scenario"), """
        platform: {board: virt, memory: 256M}
        guest: {name: tiny}
        disks: [{image: %s}]
        steps:
          - expect: 'tick 2'
          - expect: 'never comes'
            within: 50ms
        """.formatted(disk));
    Product.run("run", scenario, "--record", work).expect(5);
    Product.run("run", work.resolve("ticks.journal")).expect(5);
    change(disk, 0);
    Product.run("open", work.resolve("ticks.journal")).expect(2).withoutStackTrace().errHas(
        "ticks.journal, line [0-9]+: recorded with another "
            + name("disk of /virtio_mmio@a003e00", disk) + ": [0-9]+ bytes, " + REFUSED);
  }

  /** The files of Debian's guest, for who names them. */
  private void debian() throws InterruptedException {
    Product.run("guests", "fetch", "debian", "--to", work).expect(0);
  }

  @Test
  @FullLane
  void ofDebianAByteThatTheGuestReadsAKernelAndARootThatAreOthersAreRefused() throws Exception {
    debian();
    Path disk = disk();
    Path kernel = work.resolve("Image");
    Path root = work.resolve("initrd");
    Path journal = work.resolve("run.journal");
    Boot recorded = Boot.run(work, "recorded", 0, "--kernel", kernel, "--initrd", root, "--disk", disk, "--append",
        "console=ttyAMA0 xl.disk xl.run=/bin/busybox,md5sum,/dev/vda " + Boot.SHORT, "--record", journal);
    recorded.outcome().outHas("(?m)^[0-9a-f]{32}  /dev/vda\\s*$");
    Outcome same = replayed(journal, work.resolve("same.json")).expect(0);
    assertEquals(recorded.outcome().out(), same.out());
    assertEquals(recorded.report().digest(), RunReport.read(work.resolve("same.json")).digest());
    for (Path file : new Path[] {disk, kernel, root}) {
      change(file, 1_234_567);
      isRefused(journal, file.equals(disk) ? name("disk of /virtio_mmio@a003e00", disk) : file.equals(kernel) ? name("kernel",
          "--kernel '" + kernel + "'") : name("initrd", "--initrd '" + root + "'"));
      change(file, 1_234_567);
    }
  }

  /** The kernel comes to the guest by fw_cfg, where no memory has it when the run begins. */
  @Test
  @FullLane
  void ofDebianInFirmwareAnotherFirmwareKernelAndCommandLineAreRefused() throws Exception {
    debian();
    Product.run("boot", "--firmware", "aavmf", "--limit", "0.001").expect(3); // has it fetched
    Path code = Files.copy(firmware(), work.resolve("code.fd"));
    Path kernel = work.resolve("Image");
    Path journal = work.resolve("run.journal");
    Object[] machine = {"--firmware", code, "--kernel", kernel, "--initrd", work.resolve("initrd")};
    Boot recorded = Boot.run(work, "recorded", 0, Stream.concat(Stream.of(machine), Stream.of("--append", "console=ttyAMA0 " + Boot.SHORT,
        "--until", "XENOLITH-MARKER", "--record", journal)).toArray());
    Outcome same = replayed(journal, work.resolve("same.json")).expect(0);
    assertEquals(recorded.outcome().out(), same.out());
    assertEquals(recorded.report().digest(), RunReport.read(work.resolve("same.json")).digest());
    change(kernel, 20_000_000);
    isRefused(journal, name("kernel", "--kernel '" + kernel + "'"));
    change(kernel, 20_000_000);
    change(code, 100_000);
    isRefused(journal, name("disk of /flash@0#0", code));
    change(code, 100_000);
    Product.run(Stream.concat(Stream.concat(Stream.of("boot"), Stream.of(machine)), Stream.of("--append", "console=ttyAMA0 quiet",
        "--replay",
        journal)).toArray()).expect(2).errHas("recorded with another command line: [0-9]+ bytes, " + REFUSED).errHas(
            "others, too: item 0x14 of /fw-cfg@[0-9a-f]+, item 0x15 of /fw-cfg@");
  }

  private static Path firmware() throws IOException {
    String home = Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).orElse(System.getProperty("user.home") + "/.cache");
    Path guests = Path.of(Optional.ofNullable(System.getenv("XENOLITH_CACHE")).orElse(home + "/xenolith")).resolve(
        "guests/qemu-efi-aarch64");
    try (Stream<Path> files = Files.walk(guests)) {
      return files.filter(each -> each.endsWith("code.fd")).findFirst().orElseThrow();
    }
  }
}
