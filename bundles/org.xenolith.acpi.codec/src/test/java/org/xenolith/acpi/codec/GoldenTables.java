// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Tables that QEMU's firmware gave a kernel on bare metal, and those that Debian's Xen made of them for Dom0. */
final class GoldenTables {
  static final List<String> BARE = List.of("APIC", "DBG2", "DSDT", "FACP", "GTDT", "IORT", "MCFG", "PPTT", "SPCR");
  /** Of QEMU's machine q35. */
  static final List<String> PC = List.of("APIC", "DSDT", "FACP", "FACS", "HPET", "MCFG");
  static final List<String> DOM0 = List.of("APIC", "FACP", "STAO");

  private GoldenTables() {}

  static byte[] bytes(String machine, String signature) {
    try (InputStream in = GoldenTables.class.getResourceAsStream(machine + "/" + signature + ".dat")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static AcpiTable table(String machine, String signature) {
    return AcpiTable.read(bytes(machine, signature));
  }
}
