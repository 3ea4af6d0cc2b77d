// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

/** Machines that EFI images are for (Microsoft, PE Format, Machine Types; UEFI 2.10, 2.1.1). */
enum PeMachine {
  AARCH64(0xAA64, "AArch64", "AA64"), X64(0x8664, "x64", "X64");

  private final int number;
  private final String title;
  private final String shortName;

  PeMachine(int number, String title, String shortName) {
    this.number = number;
    this.title = title;
    this.shortName = shortName;
  }

  /** As a header has it. */
  int number() {
    return number;
  }

  /** As file names have it (UEFI 2.10, table 3.3). */
  String shortName() {
    return shortName;
  }

  @Override
  public String toString() {
    return title;
  }
}
