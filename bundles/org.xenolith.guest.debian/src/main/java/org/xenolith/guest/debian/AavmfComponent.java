// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.Availability;
import org.xenolith.boot.api.FirmwareFiles;
import org.xenolith.boot.api.FirmwareKind;
import org.xenolith.boot.api.FirmwareSource;
import org.xenolith.boot.api.ProgressListener;

/** Offers Debian's build of edk2 for QEMU's {@code virt}. */
@Component(service = FirmwareKind.class)
public final class AavmfComponent implements FirmwareSource {
  private static final String NAME = "aavmf";

  private final DebianFirmware firmware = DebianFirmware.of(new HostPackages(System.getenv()));

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Debian's UEFI firmware (edk2) in flash, which starts what it finds on disks, or a kernel that is named";
  }

  @Override
  public Availability availability() {
    return firmware.availability();
  }

  @Override
  public FirmwareFiles obtain(ProgressListener progress) {
    return firmware.obtain(progress);
  }
}
