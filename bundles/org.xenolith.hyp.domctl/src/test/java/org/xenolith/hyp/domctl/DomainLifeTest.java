// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainCreationPort;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.EventChannels;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.DomainInfo;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.Domctl;
import org.xenolith.xen.abi.DomctlCreateDomain;
import org.xenolith.xen.abi.DomctlMaxVcpus;
import org.xenolith.xen.abi.DomctlSubscribe;
import org.xenolith.xen.abi.SchedOp;
import org.xenolith.xen.abi.XenErrno;

/** How tools create, pause and destroy domains, and what they hear of it. */
class DomainLifeTest {
  private final Tools tools = new Tools();

  @Test
  void createdDomainWaitsPausedAndTellsItsDomidAndWhatItsArchitectureSays() {
    tools.creation();
    UUID handle = new UUID(0x0102_0304_0506_0708L, 0x090A_0B0C_0D0E_0F10L);
    DomainInfo.handle(handle, tools.dom0.memory(), tools.at + Domctl.ARGUMENT + DomctlCreateDomain.HANDLE);
    tools.works(ControlOp.XEN_DOMCTL_createdomain, 0xFFFF);
    int domid = tools.frame.domain();
    assertEquals(1, domid);
    var created = tools.hypervisor.byId(domid);
    assertEquals(DomainState.BUILDING, created.state());
    assertEquals(1, created.pauseCount());
    assertEquals(handle, created.handle());
    assertEquals(3, created.vcpus().size());
    assertEquals(Tools.EVENT_INTERRUPT, created.eventInterrupt());
    assertEquals(0, created.maxPages());
    assertEquals(1, tools.dom0.memory().read8(tools.at + Domctl.ARGUMENT + DomctlCreateDomain.HANDLE));
    assertEquals(0x77, tools.dom0.memory().read8(tools.at + Domctl.ARGUMENT + DomctlCreateDomain.ARCH));
  }

  @Test
  void chosenDomidIsTakenUnlessItIsInUse() {
    tools.creation();
    tools.works(ControlOp.XEN_DOMCTL_createdomain, 77);
    assertEquals(77, tools.frame.domain());
    tools.creation();
    tools.refuses(XenErrno.XEN_EEXIST, ControlOp.XEN_DOMCTL_createdomain, 77);
  }

  @Test
  void configurationsThatCannotBeAreRefused() {
    tools.creation().flags(1);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_createdomain, 0);
    tools.creation().flags(3 | 32);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_createdomain, 0);
    tools.creation().iommuOpts(1);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_createdomain, 0);
    tools.creation().maxVcpus(0);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_createdomain, 0);
    tools.creation().maxVcpus(9);
    tools.refuses(XenErrno.XEN_E2BIG, ControlOp.XEN_DOMCTL_createdomain, 0);
    tools.creation().maxVcpus(-1);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_createdomain, 0);
    tools.creation().grantOpts(2);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_createdomain, 0);
    tools.creation().cpupoolId(1);
    tools.refuses(XenErrno.XEN_ESRCH, ControlOp.XEN_DOMCTL_createdomain, 0);
    assertEquals(2, tools.hypervisor.all().size());
    tools.creation();
    tools.hypervisor.port(DomainCreationPort.class).detach(tools.rules);
    tools.refuses(XenErrno.XEN_ENOSYS, ControlOp.XEN_DOMCTL_createdomain, 0);
  }

  @Test
  void pausesAreCountedAndOneTooManyUnpauseIsRefused() {
    tools.works(ControlOp.XEN_DOMCTL_pausedomain, 5);
    tools.works(ControlOp.XEN_DOMCTL_pausedomain, 5);
    assertEquals(2, tools.guest.pauseCount());
    tools.works(ControlOp.XEN_DOMCTL_unpausedomain, 5);
    tools.works(ControlOp.XEN_DOMCTL_unpausedomain, 5);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_unpausedomain, 5);
    for (int i = 0; i < 255; i++) {
      tools.works(ControlOp.XEN_DOMCTL_pausedomain, 5);
    }
    tools.refuses(XenErrno.XEN_EOVERFLOW, ControlOp.XEN_DOMCTL_pausedomain, 5);
  }

  @Test
  void domainCannotStopItself() {
    for (int operation : new int[] {ControlOp.XEN_DOMCTL_pausedomain, ControlOp.XEN_DOMCTL_destroydomain,
        ControlOp.XEN_DOMCTL_max_vcpus, ControlOp.XEN_DOMCTL_resumedomain}) {
      tools.argument(new DomctlMaxVcpus()).max(2);
      tools.refuses(XenErrno.XEN_EINVAL, operation, 0);
    }
    assertEquals(0, tools.dom0.pauseCount());
  }

  @Test
  void destroyedDomainIsGone() {
    tools.works(ControlOp.XEN_DOMCTL_destroydomain, 5);
    assertNull(tools.hypervisor.byId(5));
    tools.refuses(XenErrno.XEN_ESRCH, ControlOp.XEN_DOMCTL_destroydomain, 5);
  }

  @Test
  void numberOfVcpusIsThatOfCreation() {
    tools.argument(new DomctlMaxVcpus()).max(2);
    tools.works(ControlOp.XEN_DOMCTL_max_vcpus, 5);
    tools.argument(new DomctlMaxVcpus()).max(3);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_max_vcpus, 5);
  }

  @Test
  void controlDomainHearsOfEndsAndASubscriberOfSuspension() {
    List<String> heard = new ArrayList<>();
    tools.hypervisor.port(EventChannelsPort.class).attach(new Listening(heard), tools.hypervisor.context("domctl"));
    tools.argument(new DomctlSubscribe()).port(9);
    tools.works(ControlOp.XEN_DOMCTL_subscribe, 5);
    tools.guest.shutdown(SchedOp.SHUTDOWN_suspend);
    tools.works(ControlOp.XEN_DOMCTL_destroydomain, 5);
    tools.hypervisor.domU(7, 1).shutdown(SchedOp.SHUTDOWN_suspend);
    tools.hypervisor.domU(8, 1).shutdown(SchedOp.SHUTDOWN_poweroff);
    assertEquals(List.of("d5 port 9", "virq 3", "virq 3", "virq 3"), heard);
  }

  private record Listening(List<String> heard) implements EventChannels {
    @Override
    public int send(Domain domain, int port) {
      heard.add("d" + domain.id() + " port " + port);
      return 0;
    }

    @Override
    public void raise(Vcpu vcpu, int virq) {
      heard.add("virq " + virq);
    }

    @Override
    public int allocateUnbound(Domain domain, int remote) {
      return 0;
    }

    @Override
    public int bindInterdomain(Domain domain, Domain remote, int remotePort) {
      return 0;
    }

    @Override
    public int close(Domain domain, int port) {
      return 0;
    }

    @Override
    public boolean pending(Vcpu vcpu) {
      return false;
    }

    @Override
    public boolean pending(Domain domain, int port) {
      return false;
    }

    @Override
    public int open(Domain domain) {
      return 0;
    }
  }
}
