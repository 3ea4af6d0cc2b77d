// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.flash;

import java.util.Map;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.kit.SmbiosMachine;
import org.xenolith.firmware.kit.SmbiosTable;
import org.xenolith.platform.api.Platform;

/**
 * What the machine is, as SMBIOS says it, in files. Firmware adds itself (type 0), and puts them where systems find them. Source of the files: edk2,
 * OvmfPkg/Library/QemuFwCfgLib.
 */
final class SmbiosFiles {
  private static final String ANCHOR = "etc/smbios/smbios-anchor";
  private static final String STRUCTURES = "etc/smbios/smbios-tables";

  private SmbiosFiles() {}

  /** Files of fw_cfg by name. */
  static Map<String, byte[]> of(Platform platform) {
    String model = platform.source().root().property("model").map(FdtProperty::string).orElse(platform.name());
    SmbiosMachine machine = new SmbiosMachine(model, platform.cpus().size(), SmbiosMachine.ARMV8, platform.memory().stream().filter(
        bank -> bank.size() != 0).map(bank -> new SmbiosMachine.Bank(bank.base(), bank.size())).toList());
    byte[] structures = machine.addTo(new SmbiosTable()).structures();
    return Map.of(STRUCTURES, structures, ANCHOR, SmbiosTable.entryPoint(structures.length, 0));
  }
}
