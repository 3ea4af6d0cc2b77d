// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

/** Kinds of memory in the map that firmware gives (UEFI 2.10, 7.2.1). */
public enum EfiMemoryType {
  RESERVED(0, false),
  LOADER_CODE(1, false),
  LOADER_DATA(2, false),
  BOOT_SERVICES_CODE(3, false),
  BOOT_SERVICES_DATA(4, false),
  RUNTIME_SERVICES_CODE(5, true),
  RUNTIME_SERVICES_DATA(6, true),
  CONVENTIONAL(7, false),
  UNUSABLE(8, false),
  ACPI_RECLAIM(9, false),
  ACPI_NVS(10, false),
  MEMORY_MAPPED_IO(11, true),
  MEMORY_MAPPED_IO_PORTS(12, false),
  PERSISTENT(14, false);

  private final int number;
  private final boolean runtime;

  EfiMemoryType(int number, boolean runtime) {
    this.number = number;
    this.runtime = runtime;
  }

  /** The number in a descriptor. */
  public int number() {
    return number;
  }

  /** Whether runtime services need it, so that an operating system keeps it mapped for them. */
  public boolean isForRuntime() {
    return runtime;
  }
}
