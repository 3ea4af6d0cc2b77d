// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.kit;

import java.util.List;
import java.util.stream.Stream;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.api.DeviceMessagesPort;
import org.xenolith.hyp.api.DomainBuildersPort;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.api.IommusPort;
import org.xenolith.hyp.api.MessageSharesPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.hyp.api.VirtualPciPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.xen.abi.XenErrno;

/** The ports of the hypervisor that building a domain takes. */
public record BuildPorts(DomainBuildersPort builders, DomainsPort domainsPort, P2mPort p2m, FrameHeap frames, EventChannelsPort channels,
    GrantsPort grants, StorePort store, HypervisorLogPort log, HostBridgesPort bridges,
    VirtualPciPort pci, IommusPort iommu, DeviceMessagesPort messages, MessageSharesPort shares, PhysicalBus bus) {
  /** Those of the machine that a subsystem is in. */
  public static BuildPorts of(DeviceContext context) {
    return new BuildPorts(context.port(DomainBuildersPort.class), context.port(DomainsPort.class),
        context.port(P2mPort.class), context.port(FrameHeapPort.class), context.port(EventChannelsPort.class), context.port(
            GrantsPort.class), context.port(StorePort.class),
        context.port(HypervisorLogPort.class), context.port(HostBridgesPort.class), context.port(VirtualPciPort.class),
        context.port(IommusPort.class), context.port(DeviceMessagesPort.class),
        context.port(MessageSharesPort.class), context.memory().physical());
  }

  /** Maps a window of whole pages where the machine has it; that it can't be is said in the log. */
  public void give(NewDomain made, FdtWindow window) {
    long frame = window.base() >>> NewDomain.PAGE_SHIFT;
    int answer = p2m.map(made.domain(), frame, frame, window.size() >>> NewDomain.PAGE_SHIFT, PageType.DEVICE);
    if (answer != 0) {
      made.missing("window 0x" + Long.toHexString(window.base()) + ", 0x" + Long.toHexString(window.size()) + " bytes, isn't mapped: "
          + NewDomain.reason(answer));
    }
  }

  /** Windows that no domain may have: what configures PCI functions, and what is kept for guests of a controller of messages. */
  public List<AddressWindow> kept() {
    return Stream.concat(bridges.all().stream().flatMap(bridge -> bridge.configuration().stream()), shares.withheld().stream()).toList();
  }

  /**
   * The hypervisor's core.
   *
   * @throws HypervisorException while it is being replaced
   */
  public Domains domains() {
    Domains domains = domainsPort.domains();
    if (domains == null) {
      throw new HypervisorException(-XenErrno.XEN_ENOSYS, "the hypervisor's core is being replaced; try again");
    }
    return domains;
  }
}
