// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.ControlOperationsPort;
import org.xenolith.hyp.api.DomainCreationPort;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.xen.abi.ArchDomainConfig;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomctlCreateDomain;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.XenErrno;

/** What of a domain that tools create is Arm's, and what is left when that is removed. */
class ArmCreationTest {
  private static final DomainSpec SPEC = new DomainSpec("new", new UUID(1, 2), 3, 0, DomainSpec.Kind.DOMU, 0, 256, 0);
  private final Tools tools = new Tools();
  private final DomainCreationPort creation = tools.hypervisor.port(DomainCreationPort.class);
  private final ArchDomainConfig arch = new ArchDomainConfig();

  private DomctlCreateDomain config() {
    DomctlCreateDomain config = tools.creation();
    arch.at(config, DomctlCreateDomain.ARCH);
    return config;
  }

  @Test
  void domainHasTheMachinesInterruptControllerAndTheMapOfGuests() {
    DomctlCreateDomain config = config();
    assertEquals(0, creation.refused(config));
    assertEquals(31, creation.complete(config, SPEC).eventInterrupt());
    creation.made(config, tools.guest);
    assertEquals(new AddressWindow(0x3800_0000L, 0x100_0000L), tools.guest.grantRegion());
    assertEquals(1, arch.gicVersion());
    assertEquals(62_500_000, arch.clockFrequency());
  }

  @Test
  void anotherControllerOrMoreCpusThanItServesAreRefused() {
    assertEquals(-XenErrno.XEN_EINVAL, creation.refused(nine()));
    DomctlCreateDomain config = config();
    arch.gicVersion((byte) 2);
    assertEquals(-XenErrno.XEN_EINVAL, creation.refused(config));
  }

  private DomctlCreateDomain nine() {
    DomctlCreateDomain config = config();
    config.maxVcpus(9);
    return config;
  }

  @Test
  void removedItLeavesNothingAndBackItServesAgain() {
    var record = tools.hypervisor.remove("a64.control");
    assertEquals(-XenErrno.XEN_ENOSYS, creation.refused(config()));
    assertNull(tools.hypervisor.port(ControlOperationsPort.class).find(HypercallNumber.__HYPERVISOR_domctl,
        ControlOp.XEN_DOMCTL_iomem_permission));
    tools.hypervisor.bringBack("a64.control", new ArmControlComponent(), record);
    assertEquals(0, creation.refused(config()));
    assertNotNull(tools.hypervisor.port(ControlOperationsPort.class).find(HypercallNumber.__HYPERVISOR_domctl,
        ControlOp.XEN_DOMCTL_iomem_permission));
    tools.hypervisor.replace("a64.control", new ArmControlComponent());
    assertEquals(0, creation.refused(config()));
  }
}
