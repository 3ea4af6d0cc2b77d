// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.RunReport;
import org.xenolith.testkit.Lane;

/**
 * Debian from a disk by its firmware and boot loader ends as it does, digest for digest, whatever is done to its machine: all that firmware
 * and its disks are made of is replaced in each of its times, it is saved and loaded there, or its keys come from a journal. Full lane: a
 * boot takes a quarter of a minute.
 *
 * <p>The comparison of replacements was seen to fail with a flash whose next version had forgotten what it showed.
 */
class FirmwareDeterminismTest {
  private static final Pattern DIGEST = Pattern.compile("digest ([0-9a-f]+)");
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final List<String> OTHERS = List.of("virtio.scsi", "virtio.mmio", "virtio.pci", "virtio.blk", "virtio.rng");
  private static final String PRESS = "Press enter to boot";
  private static final String LOGIN = "debian login: ";

  @TempDir
  private static Path work;
  /** Nothing happens to it. */
  private static Boot whole;

  /** What happens in one place of the scenario: a part is replaced, or that time passes. */
  private static String part(boolean replaced, String bundle, int times, int microseconds) {
    return replaced ? "  - {replace: org.xenolith.hw.%s, times: %d, every: %dus}\n".formatted(bundle, times, microseconds)
        : "  - wait: %dus\n".formatted((times - 1) * microseconds);
  }

  /** Fifty replacements of each but for the flash, whose commands take so little time that few of fifty meet one. */
  private static String parts(boolean replaced) {
    return part(replaced, "flash.cfi", 250, 100) + part(replaced, "fwcfg", 50, 500) + OTHERS.stream().map(bundle -> part(replaced, bundle,
        50,
        500)).collect(Collectors.joining());
  }

  /** While firmware finds its tables, and while it makes a store of its variables, 0.3 s after power-on; then while it meets its disks. */
  private static String firstParts(boolean replaced) {
    return part(replaced, "fwcfg", 50, 5000) + "  - wait: 54ms\n" + part(replaced, "flash.cfi", 400, 100) + OTHERS.stream().map(
        bundle -> part(replaced, bundle, 50, 500)).collect(Collectors.joining());
  }

  private static String digest(boolean replaced) throws Exception {
    String meanwhile = parts(replaced).stripTrailing();
    Path scenario = Files.writeString(work.resolve(replaced ? "replaced.scenario" : "undisturbed.scenario"), """
        description: Debian from a disk by its firmware, at work with all of its hardware while something happens to that.
        platform: {board: virt, memory: 1G, gic: 3, firmware: aavmf, rng: '', pci: 1.0=virtio}
        disks:
          - {image: %1$s}
          - {random: {seed: 1, size: 16M}, pci: '1.0'}
          - {random: {seed: 2, size: 16M}, drive: scsi}
        limit: {virtual: 120s, host: 9min}
        steps:
        %2$s
          - expect: 'BdsDxe: starting Boot000'
        %3$s
          - expect: 'Booting `Debian GNU/Linux'
        %3$s
          - expect: 'systemd\\[1\\]: Detected architecture'
        %3$s
          - expect: '%4$s$'
          - type: "root\\n"
          - expect: 'root@debian:~# $'
          - type: "systemctl is-system-running --wait; systemctl --failed --no-legend --plain | wc -l\\n"
          - expect: 'running$'
          - expect: '^0'
          - expect: 'root@debian:~# $'
          - type: "(while :; do cat /sys/firmware/qemu_fw_cfg/by_name/etc/table-loader/raw; done >/dev/null) &\\n"
          - type: "v=/sys/firmware/efi/efivars/Cow-12345678-1234-1234-1234-123456789abc\\n"
          - type: "(while :; do printf '\\\\007\\\\000\\\\000\\\\000%%02000d' $((++i)) >$v; chattr -i $v; rm $v; done) &\\n"
          - type: "dd if=/dev/hwrng bs=64 count=20000 of=/dev/null &\\n"
          - type: "for i in 1 2 3 4; do dd if=/dev/sda of=/dev/vdb bs=64k oflag=direct; done; cmp /dev/sda /dev/vdb && echo sa''me; echo EN''D\\n"
          - wait: 100ms
        %3$s
          - check: console
            lacks: '^END'
          - expect: 'same$'
          - expect: '^END'
          - type: "kill %%1 %%2; poweroff\\n"
          - end: poweroff
          - check: console
            lacks: 'I/O error|BUG:|WARNING:|Oops|rejecting|aborted|FAILED|No such file|not permitted'
          - check: event
            kind: model-failed
            count: 0
        """.formatted(DebianDisk.in(work), firstParts(replaced).stripTrailing(), meanwhile, LOGIN));
    try (Program run = Product.start("run", scenario)) {
      Matcher digest = DIGEST.matcher(run.await(LONG).expect(0).out());
      assertTrue(digest.find());
      return digest.group(1);
    }
  }

  private static void replacements() throws Exception {
    assertEquals(digest(false), digest(true));
  }

  private static Object[] line(Object... more) throws InterruptedException {
    return Stream.concat(Stream.of("--firmware", "aavmf", "--memory", "1G", "--rng", "--disk", DebianDisk.in(work)), Stream.of(more))
        .toArray();
  }

  private static Boot whole() throws InterruptedException {
    if (whole == null) {
      whole = Boot.run(work, "whole", 0, line("--until", LOGIN));
    }
    return whole;
  }

  private static void again() throws Exception {
    Path report = work.resolve("again.json");
    Object[] line = Stream.of(new Object[] {"boot"}, line("--until", LOGIN, "--report", report)).flatMap(Stream::of).toArray();
    try (Program boot = Product.start(Map.of("XENOLITH_JAVA_OPTS", "-Dxenolith.translations=off"), line)) {
      assertSame(whole(), new Boot(boot.await(Product.LONG).expect(0), RunReport.read(report)), "");
    }
  }

  private static void snapshots() throws Exception {
    Boot whole = whole();
    List<Object[]> moments = List.of(new Object[] {"UEFI firmware", 0, "--until", "UEFI firmware"}, new Object[] {"1.5 s", 3,
        "--limit",
        1.5}, new Object[] {"menu", 0, "--until", PRESS});
    for (Object[] moment : moments) {
      Path snapshot = work.resolve("at " + moment[0]);
      Boot begun = Boot.run(work, "begun", (int) moment[1], line(moment[2], moment[3], "--save", snapshot));
      assertNotEquals(whole.report().digest(), begun.report().digest());
      assertTrue(!begun.outcome().out().contains("Booting `Debian"), begun.outcome()::out);
      assertSame(whole, Boot.run(work, "rest", 0, "--load", snapshot, "--until", LOGIN), begun.outcome().out());
    }
  }

  private static void keys() throws Exception {
    Path journal = work.resolve("journal");
    Boot typed;
    try (Boot.Started boot = Boot.startWithInput(work, "typed", line("--record", journal))) {
      Program console = boot.program();
      console.awaitOutput(PRESS, Product.LONG);
      console.type("c");
      console.awaitOutput("grub> ", Product.LONG);
      console.type("echo typed in GRUB\r");
      console.awaitOutput("\\rtyped in GRUB", Product.LONG);
      console.type("normal_exit\r");
      console.awaitOutput("(?s)\\rtyped in GRUB.*" + PRESS, Product.LONG);
      console.type("\r");
      console.awaitOutput(LOGIN, Product.LONG);
      console.type("root\n");
      console.awaitOutput("root@debian:~# ", Product.LONG);
      console.type("poweroff\n");
      typed = boot.await(0);
    }
    assertSame(typed, Boot.run(work, "replayed", 0, line("--replay", journal)), "");
  }

  private static void assertSame(Boot expected, Boot actual, String begun) {
    assertEquals(expected.outcome().out(), begun + actual.outcome().out());
    assertEquals(expected.report().number("instructions"), actual.report().number("instructions"));
    assertEquals(expected.report().digest(), actual.report().digest());
  }

  @TestFactory
  List<DynamicTest> firmwareAndSystemSeeNothing() {
    return Lane.onlyFull(dynamicTest("of code that an earlier run has kept", FirmwareDeterminismTest::again),
        dynamicTest("of fifty replacements of each part in each of their times", FirmwareDeterminismTest::replacements),
        dynamicTest("of being saved in firmware or boot loader and loaded by another process", FirmwareDeterminismTest::snapshots),
        dynamicTest("of keys in boot loader and system that come from a journal", FirmwareDeterminismTest::keys));
  }
}
