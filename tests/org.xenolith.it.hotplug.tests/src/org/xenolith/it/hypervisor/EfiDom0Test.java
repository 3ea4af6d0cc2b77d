// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.Lane;

/** Debian's kernel as Dom0, with the firmware's variables and clock by hypercall. */
class EfiDom0Test {
  private static final String FILES = "/sys/firmware/efi/efivars/";
  private static final String LANG = FILES + "Lang-8be4df61-93ca-11d2-aa0d-00e098032b8c";
  @TempDir
  Path folder;

  private LaunchRequest request(String... settings) {
    return RequestBuilder.of("virt").boardOption("gic", "3").memory(1L << 30).guest("debian")
        .append("quiet cryptomgr.notests xl.shell xl.efi").hypervisor(true).option("firmware", List.of("acpi"))
        .option("efi-variables", List.of(folder.resolve("vars.img").toString())).settings(List.of(settings)).build();
  }

  @TestFactory
  List<DynamicTest> debianKeepsVariablesByHypercall() {
    return Lane.onlyFull(DynamicTest.dynamicTest("over a boot", this::variables), DynamicTest.dynamicTest("not with strict-xen",
        this::strict));
  }

  private void variables() {
    try (HypervisorGuest guest = HypervisorGuest.launch(request())) {
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
      String log = guest.dom0("dmesg");
      for (String line : List.of("EFI runtime services access via paravirt.", "Registered efivars operations")) {
        assertTrue(log.contains(line), line + " in\n" + log);
      }
      guest.dom0("printf '\\007\\000\\000\\000eng' > " + LANG);
      assertEquals("eng", guest.dom0("tail -c 3 " + LANG));
      assertEquals("07000000656e67", guest.dom0("od -A n -t x1 " + LANG + " | tr -d ' \\n'"));
      assertTrue(Integer.parseInt(guest.dom0("ls " + FILES + " | wc -l")) >= 5, guest.dom0("ls " + FILES));
      assertEquals("rtc-efi rtc-efi.0", guest.dom0("cat /sys/class/rtc/rtc*/name | grep efi"));
      assertEquals("", guest.dom0("dmesg | grep -iE 'efi.*(error|fail)'"));
    }
    try (HypervisorGuest guest = HypervisorGuest.launch(request())) {
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
      assertEquals("eng", guest.dom0("tail -c 3 " + LANG), "in the next process");
      guest.dom0("chattr -i " + LANG + "; rm " + LANG);
      assertEquals("gone", guest.dom0("[ -e " + LANG + " ] || echo gone"));
    }
  }

  private void strict() {
    try (HypervisorGuest guest = HypervisorGuest.launch(request("/xenolith-hypervisor:strict-xen=true"))) {
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
      assertEquals("0", guest.dom0("ls " + FILES + " | wc -l"));
    }
  }
}
