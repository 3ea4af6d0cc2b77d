// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Dom0's shell at the board's console, and what it does with a PCI function before and after it was away. */
record Dom0Shell(HypervisorGuest guest, String function) {
  /** What a command prints. */
  String run(String command) {
    int from = guest.board().length();
    guest.typeAtBoard("echo \"=b\"\"egin=$(" + command + ")=e\"\"nd=\"");
    guest.runUntil(guest.board(), "=end=\n", from);
    String answer = guest.board().text().substring(from);
    return answer.substring(answer.indexOf("=begin=") + "=begin=".length(), answer.indexOf("=end=")).replace("\r", "").strip();
  }

  private String shortly() {
    return function.substring("0000:".length());
  }

  /** The driver of NVMe lets go, as {@code xl pci-assignable-add} has it done on Linux, and the function is set aside. */
  void release() {
    assertEquals("XENOLITH-LOAD OK pciback", run("xl-load pciback"));
    run("cd /sys/bus/pci/drivers; echo " + function + " > nvme/unbind; echo " + function + " > pciback/new_slot; echo " + function
        + " > pciback/bind");
    assertEquals(function, run("cat /sys/bus/pci/drivers/pciback/slots"));
    guest.xl("pci-assignable-add " + shortly());
  }

  /** The function is Dom0's own again, and its driver's. */
  void takeBack() {
    guest.xl("pci-assignable-remove " + shortly());
    run("cd /sys/bus/pci/drivers; echo " + function + " > pciback/unbind; echo " + function + " > nvme/bind;"
        + " for i in 1 2 3 4 5 6 7 8 9; do [ -b /dev/nvme0n1 ] || sleep 0.2; done");
  }

  /** The MD5 sum of the disk, as read now. */
  String sum() {
    return run("md5sum /dev/nvme0n1");
  }
}
