// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;
import org.xenolith.hyp.api.DomainFirmwareKind;

/** Names this firmware for domains. */
@Component
public final class DomainKind implements DomainFirmwareKind {
  @Override
  public String name() {
    return XenolithKind.NAME;
  }

  @Override
  public String description() {
    return "UEFI of Xenolith's own";
  }

  @Override
  public Optional<byte[]> image() {
    return Optional.of(FirmwareProgram.of(Conduit.HVC).bytes());
  }

  @Override
  public List<byte[]> images() {
    return List.of(FirmwareProgram.of(Conduit.HVC).bytes(), FirmwareProgram.of(Conduit.VMCALL).bytes());
  }
}
