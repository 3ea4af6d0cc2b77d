// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi;

import java.util.List;
import org.xenolith.efi.api.DescribedFirmware;
import org.xenolith.efi.api.FirmwareDescriptionPort;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.efi.api.RuntimeServices;
import org.xenolith.efi.api.RuntimeServicesPort;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.PlatformOperationsPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.PlatformEfiCall;
import org.xenolith.xen.abi.PlatformFirmwareInfo;
import org.xenolith.xen.abi.PlatformOp;
import org.xenolith.xen.abi.XenErrno;

/**
 * Commands 49 and 50 of platform_op. Both are for the hardware domain, whoever serves platform_op sees to that; a platform without the
 * node of EFI firmware wasn't booted by it, and has neither.
 */
final class EfiCalls implements DeviceModel, DomainListener {
  private final DeviceState state = new DeviceState();
  private final DeviceContext context;
  private final PlatformOperationsPort commands;
  private final DomainsPort domains;
  private final BootSpace bootSpace;

  EfiCalls(DeviceContext context) {
    this.context = context;
    commands = context.port(PlatformOperationsPort.class);
    domains = context.port(DomainsPort.class);
    boolean efi = context.platform().node(FirmwareNode.PATH).filter(PlatformNode::enabled).isPresent();
    RuntimeServices services = efi ? context.port(FirmwareNode.PATH, RuntimeServicesPort.class) : null;
    DescribedFirmware firmware = efi ? context.port(FirmwareNode.PATH, FirmwareDescriptionPort.class) : () -> null;
    boolean callable = context.options().flag(EfiCallsComponent.RUNTIME_SERVICES);
    bootSpace = new BootSpace(state, services);
    if (!context.options().flag(EfiCallsComponent.STRICT_XEN)) {
      commands.claim(context, List.of(
          SubOperation.of(PlatformOp.XENPF_efi_runtime_call, "efi_runtime_call", new PlatformEfiCall(), efi
              ? new EfiFunctions(services, firmware, bootSpace, callable) : (call, argument, caller) -> -XenErrno.XEN_ENOSYS)
              .needs(Privilege.HARDWARE).answers(),
          SubOperation.of(PlatformOp.XENPF_firmware_info, "firmware_info", new PlatformFirmwareInfo(),
              new FirmwareInformation(firmware, callable)).needs(Privilege.HARDWARE).answers()));
    }
    domains.listen(this, context);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void removed() {
    commands.release(context);
    domains.forget(this);
  }

  /** Xen asks its firmware while it boots itself; here that is over when there is a Dom0. */
  @Override
  public void created(Domain domain) {
    if (domain.kind() == DomainSpec.Kind.DOM0) {
      bootSpace.take();
    }
  }
}
