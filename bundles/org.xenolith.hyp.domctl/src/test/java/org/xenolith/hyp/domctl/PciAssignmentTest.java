// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.PciDevices;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.DomctlArgument;
import org.xenolith.xen.abi.DomctlAssignDevice;
import org.xenolith.xen.abi.DomctlGetDeviceGroup;
import org.xenolith.xen.abi.XenErrno;

class PciAssignmentTest {
  private static final int ASSIGN = ControlOp.XEN_DOMCTL_assign_device;
  private static final int TEST = ControlOp.XEN_DOMCTL_test_assign_device;
  private static final int DEASSIGN = ControlOp.XEN_DOMCTL_deassign_device;
  private static final int GROUP = ControlOp.XEN_DOMCTL_get_device_group;
  /** 0001:02:03.1. */
  private static final int DISK = 0x1_0219;
  private static final int TWIN = 0x1_021A;
  private static final int LONER = 0x300;

  private final Tools tools = new Tools();
  private final Devices devices = new Devices();
  private final DomctlAssignDevice argument = tools.argument(new DomctlAssignDevice());

  /** Two functions that go together, and one alone. */
  private final class Devices implements PciDevices {
    final List<String> asked = new ArrayList<>();
    final Map<Integer, PciFunction> functions = new TreeMap<>();
    int errno;

    void owner(int sbdf, Domain owner) {
      functions.put(sbdf, new PciFunction(sbdf, null, owner.serial(), sbdf, false));
    }

    private void refuse() {
      if (errno != 0) {
        throw new HypervisorException(errno, "no");
      }
    }

    @Override
    public List<PciFunction> functions() {
      return List.copyOf(functions.values());
    }

    @Override
    public PciFunction at(int sbdf) {
      return functions.get(sbdf);
    }

    @Override
    public List<Integer> group(int sbdf) {
      return sbdf == LONER ? List.of(LONER) : List.of(DISK, TWIN);
    }

    @Override
    public void assignable(int sbdf, boolean on) {
      refuse();
      asked.add("assignable %x %s".formatted(sbdf, on));
    }

    @Override
    public void testAssign(int sbdf) {
      refuse();
      asked.add("test %x".formatted(sbdf));
    }

    @Override
    public int assign(int sbdf, Domain domain, int slot) {
      refuse();
      owner(sbdf, domain);
      asked.add("assign %x d%d %d".formatted(sbdf, domain.id(), slot));
      return 8;
    }

    @Override
    public void deassign(int sbdf, Domain domain) {
      refuse();
      owner(sbdf, tools.dom0);
      asked.add("deassign %x d%d".formatted(sbdf, domain.id()));
    }

    @Override
    public int add(int sbdf, int flags, int physical) {
      throw new AssertionError("domctl finds nothing");
    }

    @Override
    public int remove(int sbdf) {
      throw new AssertionError("domctl loses nothing");
    }

    @Override
    public int reset(int sbdf, int kind) {
      throw new AssertionError("domctl resets nothing");
    }
  }

  @BeforeEach
  void find() {
    tools.hypervisor.port(PciDevicesPort.class).attach(devices, tools.hypervisor.context("domctl"));
    for (int sbdf : new int[] {DISK, TWIN, LONER}) {
      devices.owner(sbdf, tools.dom0);
    }
    argument.machineSbdf(DISK);
  }

  @Test
  void functionIsGivenAndTakenBack() {
    tools.works(TEST, 5);
    tools.works(ASSIGN, 5);
    tools.works(DEASSIGN, 5);
    argument.flags(DomctlArgument.XEN_DOMCTL_DEV_RDM_RELAXED);
    tools.works(ASSIGN, 5);
    assertEquals(List.of("test 10219", "assign 10219 d5 -1", "deassign 10219 d5", "assign 10219 d5 -1"), devices.asked);
  }

  /** {@code xl pci-assignable-add} of Xen's own tools, and how they ask before a domain is there. */
  @Test
  void functionIsSetAsideWithoutADomain() {
    tools.works(TEST, DomainId.DOMID_INVALID);
    tools.works(ASSIGN, DomainId.DOMID_IO);
    tools.works(DEASSIGN, DomainId.DOMID_IO);
    assertEquals(List.of("test 10219", "assignable 10219 true", "assignable 10219 false"), devices.asked);
    tools.refuses(XenErrno.XEN_ESRCH, ASSIGN, DomainId.DOMID_INVALID);
    tools.refuses(XenErrno.XEN_ESRCH, TEST, DomainId.DOMID_IO);
    tools.refuses(XenErrno.XEN_ESRCH, GROUP, DomainId.DOMID_IO);
    assertEquals(-XenErrno.XEN_EPERM, tools.call(tools.guest.vcpu(0), ASSIGN, DomainId.DOMID_IO));
    assertEquals(-XenErrno.XEN_EPERM, tools.call(tools.guest.vcpu(0), TEST, DomainId.DOMID_INVALID));
  }

  @Test
  void whatTheSubsystemRefusesIsTold() {
    devices.errno = -XenErrno.XEN_EBUSY;
    tools.refuses(XenErrno.XEN_EBUSY, ASSIGN, 5);
    tools.refuses(XenErrno.XEN_EBUSY, ASSIGN, DomainId.DOMID_IO);
    tools.refuses(XenErrno.XEN_EINVAL, TEST, 5);
    assertEquals(tools.dom0.serial(), devices.at(DISK).owner());
  }

  @Test
  void unknownFunctionsDevicesAndFlagsAreRefused() {
    tools.refuses(XenErrno.XEN_ENODEV, DEASSIGN, 5);
    argument.machineSbdf(0x77);
    tools.refuses(XenErrno.XEN_ENODEV, ASSIGN, 5);
    tools.refuses(XenErrno.XEN_ENODEV, ASSIGN, DomainId.DOMID_IO);
    tools.refuses(XenErrno.XEN_ENODEV, DEASSIGN, 5);
    tools.refuses(XenErrno.XEN_EINVAL, TEST, 5);
    argument.machineSbdf(DISK);
    for (int operation : new int[] {ASSIGN, TEST, DEASSIGN}) {
      tools.refuses(XenErrno.XEN_EINVAL, operation, 0);
      argument.flags(2);
      tools.refuses(XenErrno.XEN_EINVAL, operation, 5);
      argument.flags(0);
      argument.dev(DomctlArgument.XEN_DOMCTL_DEV_DT);
      tools.refuses(XenErrno.XEN_EINVAL, operation, 5);
      argument.dev(2);
      tools.refuses(XenErrno.XEN_ENODEV, operation, 5);
      argument.dev(DomctlArgument.XEN_DOMCTL_DEV_PCI);
    }
    argument.flags(1);
    tools.refuses(XenErrno.XEN_EINVAL, TEST, 5);
    tools.refuses(XenErrno.XEN_EINVAL, DEASSIGN, 5);
    argument.flags(0);
    tools.guest.state(DomainState.DYING);
    tools.refuses(XenErrno.XEN_EINVAL, ASSIGN, 5);
    assertEquals(List.of(), devices.asked);
  }

  @Test
  void othersOfAGroupAreThoseThatTheDomainHas() {
    DomctlGetDeviceGroup group = tools.argument(new DomctlGetDeviceGroup());
    group.machineSbdf(DISK);
    group.maxSdevs(4);
    group.sdevArray(tools.room);
    tools.works(GROUP, 0);
    assertEquals(1, group.numSdevs());
    assertEquals(0x02_1A00, tools.dom0.memory().read32(tools.room));
    tools.works(GROUP, 5);
    assertEquals(0, group.numSdevs(), "the guest has none of them");
    group.maxSdevs(0);
    tools.works(GROUP, 0);
    assertEquals(0, group.numSdevs());
    group.maxSdevs(-1);
    group.sdevArray(0x10);
    tools.refuses(XenErrno.XEN_EFAULT, GROUP, 0);
    assertEquals(0, group.numSdevs());
    group.machineSbdf(LONER);
    tools.works(GROUP, 0);
    group.machineSbdf(0x77);
    tools.works(GROUP, 0);
    assertEquals(0, group.numSdevs());
  }

  @Test
  void withoutTheSubsystemThereIsNothingToAssign() {
    tools.hypervisor.port(PciDevicesPort.class).detach(devices);
    for (int operation : new int[] {ASSIGN, TEST, DEASSIGN, GROUP}) {
      tools.refuses(XenErrno.XEN_EOPNOTSUPP, operation, 5);
    }
  }
}
