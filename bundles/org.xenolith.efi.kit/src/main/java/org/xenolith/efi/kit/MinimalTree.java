// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import java.util.OptionalLong;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;

/**
 * The device tree that describes no hardware: where the EFI system table and the memory map are, the command line, the first root file
 * system. With nothing else in it Linux takes the description by ACPI (Linux, arch/arm64/kernel/acpi.c, dt_is_stub).
 *
 * @param bootArguments the kernel's command line
 * @param initrdStart   first address of the first root file system; empty: there is none
 * @param initrdEnd     the address behind it
 * @param efi           where system table and memory map are
 */
public record MinimalTree(String bootArguments, OptionalLong initrdStart, OptionalLong initrdEnd, EfiPlaces efi) {
  /** Linux, include/linux/efi.h, enum efi_secureboot_mode; without the property it takes none of the others. */
  private static final int SECURE_BOOT_DISABLED = 2;

  /** For a kernel on bare metal, in the words of Linux (Documentation/arch/arm/uefi.rst). */
  public Fdt bare() {
    return Fdt.of(forLinux().build());
  }

  /**
   * For a domain whose kernel calls code in its own memory: a hypervisor that has no {@code uefi} in the tree has no hypercalls for that
   * (Linux, arch/arm/xen/enlighten.c), so system table and memory map are said in the words of Linux.
   *
   * @param version of the hypervisor, {@code 4.17}
   */
  public Fdt guest(String version) {
    FdtBuilder root = forLinux();
    hypervisor(root, version);
    return Fdt.of(root.build());
  }

  private FdtBuilder forLinux() {
    FdtBuilder root = root();
    FdtBuilder chosen = chosen(root);
    efi.write(chosen, "linux");
    chosen.cells("linux,uefi-secure-boot", SECURE_BOOT_DISABLED);
    return root;
  }

  private static FdtBuilder hypervisor(FdtBuilder root, String version) {
    return root.child("hypervisor").strings("compatible", "xen,xen-" + version, "xen,xen");
  }

  /**
   * For a domain that has hypercalls for runtime services, or none of those, in the words of Xen (docs/misc/arm/device-tree/guest.txt).
   *
   * @param version of the hypervisor, {@code 4.17}
   */
  public Fdt domain(String version) {
    FdtBuilder root = root();
    chosen(root);
    efi.write(hypervisor(root, version).child("uefi"), "xen");
    return Fdt.of(root.build());
  }

  private static FdtBuilder root() {
    return FdtBuilder.root().cells("#address-cells", 2).cells("#size-cells", 1);
  }

  private FdtBuilder chosen(FdtBuilder root) {
    FdtBuilder chosen = root.child("chosen").strings("bootargs", bootArguments);
    initrdStart.ifPresent(start -> chosen.u64("linux,initrd-start", start).u64("linux,initrd-end", initrdEnd.orElseThrow()));
    return chosen;
  }
}
