// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.topology;

import java.util.OptionalLong;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.firmware.api.AcpiDescriber;
import org.xenolith.firmware.api.AcpiDescription;
import org.xenolith.firmware.kit.AcpiSetting;
import org.xenolith.firmware.kit.AcpiTables;
import org.xenolith.platform.api.Platform;

/** Describes topologies with what is installed. */
@Component
public final class InstalledDescriber implements AcpiDescriber {
  private final InstalledKinds kinds;

  /** Made by the service component runtime. */
  @Activate
  public InstalledDescriber(@Reference InstalledKinds kinds) {
    this.kinds = kinds;
  }

  @Override
  public AcpiDescription describe(Platform platform, TableIdentity identity, OptionalLong mailboxes) {
    AcpiTables tables = AcpiTables.of(platform, kinds.parts(), new AcpiSetting(identity, mailboxes));
    return new AcpiDescription(tables.set(), tables.untold());
  }
}
