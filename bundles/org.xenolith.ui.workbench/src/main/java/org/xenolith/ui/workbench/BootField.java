// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import org.xenolith.launch.api.BootRules;

/** A field of the boot dialog. Each stands for an option of the command line, which the messages about it name. */
enum BootField {
  BOARD("board"), CPUS("--cpus"), MEMORY("--memory"), GIC("--gic"), GRANULES("--granules"), EL2("--el2"), ENGINE("--engine"),
  OPTION("--option"), SET("--set"),
  GUEST("--guest"), KERNEL("--kernel"), KERNEL_ADDRESS("--kernel-address"), ENTRY("--entry"), INITRD("--initrd"), APPEND("--append"),
  MODULE("--module"), ADD_FILE("--add-file"), PACKAGE("--package"),
  DISK("--disk"), NIC("--nic"), VIRTIO_CONSOLE("--virtio-console"), PCI("--pci"), PCIE("--pcie"), IOMMU("--iommu"),
  HYPERVISOR("--hypervisor"), DOMU("--domu"), NO_DOM0("--no-dom0"), DOM0_MEMORY("--dom0-memory"), DOM0_VCPUS("--dom0-vcpus"),
  CONSOLE("--console"), ON_PANIC("--on-panic"), PROFILE("--profile"), PROFILE_PERIOD("--profile-period"), SYMBOLS("--symbols"),
  LOAD("--load"), SAVE("--save"), RECORD("--record"), REPLAY("--replay");

  private final String option;

  BootField(String option) {
    this.option = option;
  }

  /** The option of the command line. */
  String option() {
    return option;
  }

  /** Whether it has a meaning beside a snapshot to continue, which has decided all else. */
  boolean besideSnapshot() {
    return this != BOARD && !BootRules.inSnapshot(option);
  }

  /** The field that a message is about, if it names one: at its beginning, or else anywhere. */
  static Optional<BootField> namedIn(String message) {
    Optional<BootField> begins = Arrays.stream(values()).filter(f -> message.startsWith(f.option) && f.endsIn(message, 0)).findFirst();
    return begins.isPresent() ? begins : Arrays.stream(values()).filter(f -> f.option.startsWith("--") && f.at(message) >= 0)
        .min(Comparator.comparingInt(f -> f.at(message)));
  }

  private int at(String message) {
    int at = message.indexOf(option);
    return at >= 0 && endsIn(message, at) ? at : -1;
  }

  private boolean endsIn(String message, int at) {
    int end = at + option.length();
    return end == message.length() || !Character.isLetterOrDigit(message.charAt(end)) && message.charAt(end) != '-';
  }
}
