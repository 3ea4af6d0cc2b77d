// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** What Debian keeps by EFI's runtime services on bare metal: over a reboot, and for the next process. */
@FullLane
class EfiVariablesTest {
  private static final String MACHINE = """
      description: Debian by ACPI, with EFI's runtime services.
      platform: {board: virt, gic: %s, cpus: %s, memory: 256M, firmware: acpi, efi-variables: variables.img}
      guest: {name: debian, append: xl.efi xl.shell cryptomgr.notests}
      on-reset: boot
      limit: {virtual: 60s, host: 6min}
      steps:
        - expect: 'Remapping and enabling EFI services'
        - expect: 'rtc-efi rtc-efi.0: registered as rtc0'
        - expect: 'xenolith:/# $'
      """;
  private static final String VARIABLE = "/sys/firmware/efi/efivars/Lang-8be4df61-93ca-11d2-aa0d-00e098032b8c";
  /** What must not be in a kernel's log; whoever looks for it must not write it. */
  private static final String CLEAN = "'firmware.bug|\\[.*\\] warning:|acpi.error|not.compliant|call.trace'";

  @TempDir
  private Path folder;

  private void run(String name, String gic, String cpus, String steps) throws Exception {
    Product.run("run", Files.writeString(folder.resolve(name + ".scenario"), MACHINE.formatted(gic, cpus) + steps)).expect(0);
  }

  private void keep(String gic, String cpus) throws Exception {
    run("first", gic, cpus, """
          - type: "printf '\\\\007\\\\000\\\\000\\\\000eng' > %s; dmesg | grep -icE %s; date -u -s '2030-05-06 07:08:09'; hwclock -u -w\\n"
          - expect: '^0'
          - expect: 'xenolith:/# $'
          - type: "reboot -f\\n"
          - expect: 'Booting Linux'
          - expect: 'setting system clock to 2030-05-06T07:08:\\d\\d'
          - expect: 'xenolith:/# $'
          - check: event
            kind: machine-reset
            count: 1
          - type: "tail -c 3 %s; echo; poweroff -f\\n"
          - expect: '^eng'
          - end: poweroff
        """.formatted(VARIABLE, CLEAN.replace("\\", "\\\\"), VARIABLE));
    run("second", gic, cpus, """
          - type: "tail -c 3 %s; echo; ls /sys/firmware/efi/efivars | wc -l; poweroff -f\\n"
          - expect: '^eng'
          - expect: '^5'
          - check: event
            kind: variable-store
            count: 0
          - end: poweroff
        """.formatted(VARIABLE));
  }

  @TestFactory
  List<DynamicTest> variablesAndDateOutliveARebootAndVariablesTheProcess() {
    return Lane.onlyFull(DynamicTest.dynamicTest("GICv2, 1 CPU", () -> keep("2", "1")),
        DynamicTest.dynamicTest("GICv3, 4 CPUs", () -> keep("3", "4")));
  }

  @Test
  void wrongFilesAreRefusedBeforeAnythingRuns() throws Exception {
    Product.run("boot", "--efi-variables", folder.resolve("v.img")).expect(2).errHas("--efi-variables: the machine has no EFI firmware; "
        + "add --firmware acpi, --firmware xenolith or --hypervisor");
    Product.run("boot", "--firmware", "acpi", "--efi-variables", folder).expect(2).errHas("a folder; expected a disk image");
    Product.run("boot", "--firmware", "acpi", "--efi-variables", folder.resolve("none/v.img")).expect(2).errHas("there is no folder");
    assertEquals(List.of(), List.of(folder.toFile().list()));
    Path small = Files.write(folder.resolve("small.img"), new byte[100]);
    Product.run("boot", "--firmware", "acpi", "--efi-variables", small).expect(2).errHas(
        "small\\.img.*100 bytes, so that it can.t be a disk image");
    assertTrue(Files.size(small) == 100);
  }
}
