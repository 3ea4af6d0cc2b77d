// SPDX-License-Identifier: EPL-2.0
package org.xenolith.board.virt;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The PCI host bridges that the board can have. One that is "as ECAM" is the hardware of that name in a tree that doesn't say so:
 * its first {@code compatible} is for us only, the second makes guests take it for a generic bridge. What they then run into is what
 * its driver keeps from them.
 */
enum HostBridge {
  /** None, and no PCI. */
  NONE(0),
  /** A generic one with ECAM. */
  ECAM(256 << 20, "pci-host-ecam-generic"),
  /** A generic one with CAM: 256 bytes a function. */
  CAM(16 << 20, "pci-host-cam-generic"),
  /** DesignWare's in ECAM mode. */
  DW(256 << 20, "snps,dw-pcie-ecam"),
  /** The same, called generic. */
  DW_AS_ECAM(256 << 20, "xenolith,dw-pcie-ecam", "pci-host-ecam-generic"),
  /** A port of APM X-Gene v1. */
  XGENE(256 << 10, "apm,xgene-pcie"),
  /** The same, called generic, with the size of window that such a one needs. */
  XGENE_AS_ECAM(256 << 20, "xenolith,xgene-pcie", "pci-host-ecam-generic");

  private final int configuration;
  private final String[] compatible;

  HostBridge(int configuration, String... compatible) {
    this.configuration = configuration;
    this.compatible = compatible;
  }

  /** Its name as a value of the option. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<HostBridge> named(String name) {
    return Arrays.stream(values()).filter(bridge -> bridge.toString().equals(name)).findFirst();
  }

  /** All names, with commas. */
  static String names() {
    return Arrays.stream(values()).map(HostBridge::toString).collect(Collectors.joining(", "));
  }

  /** Bytes of its configuration window. */
  int configuration() {
    return configuration;
  }

  /** What it is for the tree. */
  String[] compatible() {
    return compatible.clone();
  }

  /** Whether it is X-Gene's, which has registers, a clock and windows of its own. */
  boolean xgene() {
    return this == XGENE || this == XGENE_AS_ECAM;
  }
}
