// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.LogLines;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** Debian's build of edk2, unmodified, in our flash: it starts Debian's kernel, and keeps variables for it. */
@FullLane
class AavmfTest {
  private static final String MACHINE = """
      description: Debian's kernel, started by UEFI firmware.
      platform: {board: virt, gic: %s, cpus: %s, memory: 512M, firmware: aavmf, efi-variables: variables.fd}
      guest: {name: debian, append: xl.efi xl.shell cryptomgr.notests}
      on-reset: boot
      limit: {virtual: 60s, host: 6min}
      steps:
        - expect: 'UEFI firmware'
        - expect: 'EFI stub: Booting Linux Kernel'
        - expect: 'efi: EFI v2.70 by EDK II'
        - expect: 'ACPI: RSDP 0x[0-9A-F]+ 000024 \\(v02 XENOLI\\)'
        - expect: 'rtc-efi rtc-efi.0: registered as rtc0'
        - expect: 'xenolith:/# $'
      """;
  private static final String VENDOR = "-12345678-1234-1234-1234-123456789abc";
  private static final String VARIABLE = "/sys/firmware/efi/efivars/Cow" + VENDOR;
  private static final String LATER = "/sys/firmware/efi/efivars/Calf" + VENDOR;

  private static final Pattern DIGEST = Pattern.compile("digest ([0-9a-f]+)");

  @TempDir
  private Path folder;

  private Path scenario(String name, int gic, int cpus, String steps) throws Exception {
    return Files.writeString(folder.resolve(name + ".scenario"), MACHINE.formatted(gic, cpus) + steps);
  }

  private static String writes(String variable, String value) {
    return "printf '\\\\007\\\\000\\\\000\\\\000%s' > %s".formatted(value, variable);
  }

  private void keeps(int gic, int cpus) throws Exception {
    Product.run("run", scenario("reset", gic, cpus, """
          - type: "%s; reboot -f\\n"
          - expect: 'UEFI firmware'
          - expect: 'xenolith:/# $'
          - type: "tail -c 3 %s; echo; poweroff -f\\n"
          - expect: '^moo'
          - end: poweroff
        """.formatted(writes(VARIABLE, "moo"), VARIABLE))).expect(0);
    // Whatever becomes of the process, what the guest has been told is written is.
    Path killed = scenario("killed", gic, cpus, """
          - type: "tail -c 3 %s; echo; %s; echo KEP''T\\n"
          - expect: '^moo'
          - expect: '^KEPT'
          - wait: 50s
        """.formatted(VARIABLE, writes(LATER, "mow")));
    try (Program program = Product.start("run", killed, "--console")) {
      program.awaitOutput("\\nKEPT", Product.LONG);
      program.kill();
    }
    Product.run("run", scenario("again", gic, cpus, """
          - type: "tail -c 3 %s; echo; poweroff -f\\n"
          - expect: '^mow'
          - check: event
            kind: disk-error
            count: 0
          - end: poweroff
        """.formatted(LATER))).expect(0);
  }

  @TestFactory
  List<DynamicTest> variablesOutliveAResetAProcessAndItsDeath() {
    return Lane.onlyFull(DynamicTest.dynamicTest("GICv3, 4 CPUs", () -> keeps(3, 4)), DynamicTest.dynamicTest("GICv2, 1 CPU", () -> keeps(2,
        1)));
  }

  @Test
  void theKernelHasNoWordAgainstItsFirmware() throws InterruptedException {
    Boot boot = Boot.run(folder, "boot", 0, "--firmware", "aavmf", "--gic", 2, "--guest", "debian", "--append", Boot.SHORT);
    assertEquals("poweroff", boot.report().outcome());
    assertEquals(0, boot.report().number("unmodelledAccesses"), boot.report()::toString);
    boot.outcome().outHas("EFI stub: Loaded initrd from LINUX_EFI_INITRD_MEDIA_GUID device path").outHas("XENOLITH-MARKER");
    LogLines.assertNoComplaint(boot.outcome().out());
    assertEquals(List.of(), AcpiComplaints.in(boot.outcome().out()));
  }

  private String digest(String name, String engine, String meanwhile) throws Exception {
    Path scenario = Files.writeString(folder.resolve(name + ".scenario"), """
        description: Debian's kernel by AAVMF, while something happens to what firmware reads.
        platform: {board: virt, memory: 512M, gic: 3, firmware: aavmf%s}
        guest: {name: debian, append: cryptomgr.notests}
        limit: {virtual: 30s, host: 6min}
        steps:
        %s
          - end: poweroff
        """.formatted(engine, meanwhile));
    Matcher digest = DIGEST.matcher(Product.run("run", scenario).expect(0).out());
    assertTrue(digest.find());
    return digest.group(1);
  }

  /** All of it in the time before the kernel. */
  @Test
  void firmwareSeesNothingOfReplacementsAndASnapshot() throws Exception {
    String undisturbed = digest("undisturbed", Lane.full() ? ", engine: regions" : "", "  - wait: 100ms");
    assertEquals(undisturbed, digest("replaced", "", """
          - replace: org.xenolith.hw.flash.cfi
            times: 50
            every: 1ms
          - replace: org.xenolith.hw.fwcfg
            times: 50
            every: 1ms
          - save: there
          - restore: there""".indent(2).stripTrailing()));
  }

  @Test
  void wrongFilesAreRefusedBeforeAnythingRuns() throws Exception {
    Product.run("boot", "--firmware", "avmf").expect(2).errHas("--firmware 'avmf': no such firmware or file; there is aavmf, acpi");
    Path code = Files.write(folder.resolve("code.fd"), new byte[64 << 20 | 512]);
    Product.run("boot", "--firmware", code).expect(2).errHas("has 0x4000200 bytes, and the bank of flash at 0x0 has 0x4000000");
    Product.run("boot", "--firmware", code, "--board", "virt", "--option", "flash=none").expect(2).errHas("has no flash");
    Path store = Files.write(folder.resolve("store.fd"), new byte[100]);
    Product.run("boot", "--firmware", "aavmf", "--efi-variables", store).expect(2).errHas(
        "store\\.fd.*100 bytes, so that it can.t be a disk image");
    assertEquals(100, Files.size(store));
  }
}
