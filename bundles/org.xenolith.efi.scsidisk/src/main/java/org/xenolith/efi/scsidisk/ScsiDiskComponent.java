// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.scsidisk;

import org.osgi.service.component.annotations.Component;
import org.xenolith.efi.boot.kit.LayerModel;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the layer to firmware. */
@Component(service = DeviceModelFactory.class, property = "xenolith.efi-layer=efi.scsidisk")
public final class ScsiDiskComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI: SCSI disk",
      "Block protocol of boot services on SCSI disks and CD-ROM drives", "UEFI 2.10, 13.9; SBC-4; MMC-6");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new LayerModel(context, new ScsiDiskLayer());
  }
}
