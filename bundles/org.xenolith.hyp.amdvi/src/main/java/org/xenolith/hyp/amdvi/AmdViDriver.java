// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xenolith.firmware.kit.UnityRange;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.IommusPort;
import org.xenolith.hyp.api.P2mListener;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.hyp.pci.kit.StreamAttachments;
import org.xenolith.hyp.pci.kit.StreamIds;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.platform.api.RequesterId;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.x64.api.Cpu;

/** AMD's IOMMUs of a machine: brought up when the first domain is created, and told of each change of a domain's tables. */
final class AmdViDriver implements DeviceModel, DomainListener, P2mListener {
  private static final String COMPATIBLE = "xenolith,amd-iommu";
  /** Of the node: where the registers are, address and size of 64 bits each. */
  private static final String REGISTERS = "amd,registers";

  private final DeviceContext context;
  private final DeviceState state = new DeviceState();
  private final DomainsPort domains;
  private final IommusPort iommus;
  private final P2mPort p2m;
  private final StreamIds ids;
  private final List<IommuUnit> units = new ArrayList<>();
  /** Whether it was decided which IOMMUs are driven. */
  private final LongCell decided = state.cell("decided", 0);

  AmdViDriver(DeviceContext context) {
    this.context = context;
    domains = context.port(DomainsPort.class);
    iommus = context.port(IommusPort.class);
    p2m = context.port(P2mPort.class);
    ids = new StreamIds(context.platform());
    for (PlatformNode node : context.platform().nodes()) {
      if (node.enabled() && node.isCompatible(COMPATIBLE)) {
        base(node).ifPresent(base -> units.add(unit(node, base)));
      }
    }
    units.forEach(unit -> iommus.at(unit.node, context).attach(unit, context));
    domains.listen(this, context);
    p2m.listen(this, context);
  }

  private static Optional<Long> base(PlatformNode node) {
    return node.property(REGISTERS).filter(each -> each.length() == 2 * Long.BYTES && Long.compareUnsigned(each.number(2, 2),
        IommuRegisters.SIZE) >= 0).map(each -> each.number(0, 2));
  }

  private IommuUnit unit(PlatformNode node, long base) {
    String path = node.path();
    PhysicalBus bus = context.memory().physical();
    MachineMemory memory = new MachineMemory(bus);
    FrameHeapPort heap = context.port(FrameHeapPort.class);
    IommuRegisters registers = new IommuRegisters(bus, base);
    StreamAttachments attachments = new StreamAttachments();
    state.varying(path + ".attached", attachments::clear, attachments::save, attachments::restore);
    IommuFaults faults = new IommuFaults(path, context, state, ids, attachments);
    Runnable told = () -> attend(path);
    IommuEventLog log = new IommuEventLog(registers, memory, context, state, path, faults, told);
    int function = function(node);
    EventMessage message = new EventMessage(function, context, state, path + ".vector", told);
    HostIommu hardware = new HostIommu(path, registers, state, heap, memory, message, log, faults, attachments);
    FunctionMessages messages = new FunctionMessages(heap, memory, Cpu.of(context.processors()).getFirst().apicId());
    UnityRanges unity = new UnityRanges(unity(node), attachments, p2m, heap);
    state.varying(path + ".unity", unity::clear, unity::save, unity::restore);
    return new IommuUnit(node, function, hardware, attachments, p2m, messages, domains, unity);
  }

  /** Who has a broken option has no IVRS either. */
  private List<UnityRange> unity(PlatformNode node) {
    try {
      return UnityRange.of(node);
    } catch (PlatformException broken) {
      context.events().report(IommuFaults.ERROR, node.path(), broken.getMessage());
      return List.of();
    }
  }

  /** The PCI function that a node is: a child of its host bridge, whose address is the first cell of {@code reg}. */
  private int function(PlatformNode node) {
    List<PlatformNode> bridges = HostBridgesPort.nodes(context.platform());
    int rid = (int) node.property("reg").filter(reg -> reg.length() >= Integer.BYTES).map(reg -> reg.cell(0)).orElse(0) >>> 8;
    for (int i = 0; i < bridges.size(); i++) {
      if (bridges.get(i).path().equals(node.parent())) {
        return Sbdf.of(HostBridgesPort.segment(bridges.get(i), i), rid);
      }
    }
    return Sbdf.of(0, rid);
  }

  private void attend(String path) {
    units.stream().filter(unit -> unit.node.path().equals(path)).forEach(IommuUnit::attend);
  }

  // ---- DeviceModel

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void restored() {
    Domains core = domains.domains();
    Set<Integer> live = core == null ? null : new HashSet<>();
    if (core != null) {
      core.all().forEach(domain -> live.add(domain.serial()));
    }
    units.stream().filter(IommuUnit::driven).forEach(unit -> unit.restored(live));
  }

  @Override
  public void removed() {
    units.stream().filter(IommuUnit::driven).forEach(IommuUnit::leave);
    units.forEach(unit -> iommus.at(unit.node, context).detach(unit));
    domains.forget(this);
    p2m.forget(this);
  }

  // ---- Domains come and go

  /** The first domain decides: before there is one, IOMMUs are whose they were. A hardware domain that runs already has them. */
  @Override
  public void created(Domain domain) {
    if (decided.value != 0 || domain.kind() == DomainSpec.Kind.SERVICE) {
      return;
    }
    decided.value = 1;
    boolean theirs = domains.domains().all().stream()
        .anyMatch(d -> d.kind() == DomainSpec.Kind.DOM0 && d.serial() != domain.serial());
    for (IommuUnit unit : units) {
      String path = unit.node.path();
      String reason = theirs ? "the hardware domain was there first" : unit.begin(ids.highest(path), trusted(path));
      if (reason == null) {
        unit.hardware.faults.note("functions behind it reach what their domains have");
      } else {
        unit.hardware.faults.error("not driven, as " + reason);
      }
    }
  }

  /** Streams of who is no PCI function, as an I/O interrupt controller is. */
  private List<Long> trusted(String path) {
    Platform platform = context.platform();
    List<Long> streams = new ArrayList<>();
    for (PlatformNode node : platform.nodes()) {
      if (node.enabled() && node.has("iommus")) {
        try {
          Optional<RequesterId> found = RequesterId.stream(platform, node, 0);
          found.filter(id -> id.at().path().equals(path)).map(RequesterId::id).ifPresent(streams::add);
        } catch (PlatformException broken) {
          // It has no stream.
        }
      }
    }
    return streams;
  }

  @Override
  public void destroyed(Domain domain) {
    units.forEach(unit -> unit.destroyed(domain));
  }

  @Override
  public void changed(Domain domain) {
    for (int i = 0; i < units.size(); i++) {
      units.get(i).changed(domain);
    }
  }
}
