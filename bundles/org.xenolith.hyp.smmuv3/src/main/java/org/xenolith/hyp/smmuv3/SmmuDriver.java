// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.api.Iommu;
import org.xenolith.hyp.api.IommusPort;
import org.xenolith.hyp.api.P2mListener;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.hyp.pci.kit.StreamAttachments;
import org.xenolith.hyp.pci.kit.StreamAttachments.Attachment;
import org.xenolith.hyp.pci.kit.StreamIds;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.xen.abi.XenErrno;

/** The SMMUs of a machine: brought up when the first domain is created, and told of each change of a domain's stage 2. */
final class SmmuDriver implements DeviceModel, DomainListener, P2mListener {
  private static final String COMPATIBLE = "arm,smmu-v3";
  private static final String NOTHING_ANSWERS = "nothing answers at its registers";

  private final DeviceContext context;
  private final DeviceState state = new DeviceState();
  private final DomainsPort domains;
  private final IommusPort smmus;
  private final P2mPort p2m;
  private final HypervisorLogPort log;
  private final StreamIds ids;
  private final Map<String, Unit> units = new LinkedHashMap<>();
  /** The same, for what runs on each change of stage 2. */
  private final List<Unit> inOrder;
  /** Whether it was decided which SMMUs are driven. */
  private final LongCell decided = state.cell("decided", 0);

  /** An SMMU with what is attached behind it, at its port. */
  private final class Unit implements Iommu {
    final PlatformNode node;
    final Smmu smmu;
    final StreamAttachments attachments;

    Unit(PlatformNode node, Smmu smmu, StreamAttachments attachments) {
      this.node = node;
      this.smmu = smmu;
      this.attachments = attachments;
    }

    @Override
    public boolean driven() {
      return smmu.driven.value != 0;
    }

    /** Whether it has an entry, or room for one, for a stream. */
    private boolean knows(long stream) {
      return driven() && smmu.streams.covers(stream);
    }

    @Override
    public boolean covers(long stream) {
      return knows(stream) && order(() -> true);
    }

    @Override
    public int attach(int sbdf, long stream, Domain domain) {
      return knows(stream) ? SmmuDriver.this.attach(this, sbdf, stream, domain) : -XenErrno.XEN_ENODEV;
    }

    @Override
    public void detach(int sbdf) {
      Attachment attachment = attachments.function(sbdf);
      if (attachment != null) {
        release(this, attachment);
      }
    }

    /** Has the SMMU do something. @return false if it didn't */
    boolean order(BooleanSupplier what) {
      try {
        if (smmu.ready() && what.getAsBoolean()) {
          return true;
        }
        smmu.lost("it does not do as it is told");
      } catch (ExternalAbort absent) {
        smmu.lost(NOTHING_ANSWERS);
      }
      return false;
    }
  }

  SmmuDriver(DeviceContext context) {
    this.context = context;
    domains = context.port(DomainsPort.class);
    smmus = context.port(IommusPort.class);
    p2m = context.port(P2mPort.class);
    log = context.port(HypervisorLogPort.class);
    ids = new StreamIds(context.platform());
    PhysicalBus bus = context.memory().physical();
    for (PlatformNode node : context.platform().nodes()) {
      if (node.enabled() && node.isCompatible(COMPATIBLE) && !node.windows().isEmpty()
          && node.windows().getFirst().size() >= Registers.SIZE) {
        units.put(node.path(), unit(node, bus));
      }
    }
    inOrder = new ArrayList<>(units.values());
    inOrder.forEach(unit -> smmus.at(unit.node, context).attach(unit, context));
    domains.listen(this, context);
    p2m.listen(this, context);
  }

  private Unit unit(PlatformNode node, PhysicalBus bus) {
    MachineMemory memory = new MachineMemory(bus);
    Registers registers = new Registers(bus, node.windows().getFirst().base());
    StreamAttachments attachments = new StreamAttachments();
    state.varying(node.path() + ".attached", attachments::clear, attachments::save, attachments::restore);
    Wires wires = new Wires(node, context.port(VirtualGicPort.class), context, (cpu, intid) -> attend(node.path()));
    Faults faults = new Faults(node.path(), registers, memory, context, state, ids, attachments, () -> attend(node.path()));
    return new Unit(node, new Smmu(node.path(), registers, state, context.port(FrameHeapPort.class), memory, wires, faults), attachments);
  }

  private void attend(String path) {
    Unit unit = units.get(path);
    if (unit.driven()) {
      try {
        unit.smmu.attend();
      } catch (ExternalAbort absent) {
        unit.smmu.lost(NOTHING_ANSWERS);
      }
    }
  }

  // ---- DeviceModel

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void restored() {
    Domains core = domains.domains();
    Set<Integer> live = new HashSet<>();
    if (core != null) {
      core.all().forEach(domain -> live.add(domain.serial()));
    }
    for (Unit unit : inOrder) {
      if (unit.driven()) {
        unit.smmu.restored();
        // Entries of domains that went while nobody was here must not come into use again.
        List<Attachment> gone = unit.attachments.copy().stream().filter(a -> core != null && !live.contains(a.serial()))
            .toList();
        gone.forEach(a -> {
          unit.attachments.remove(a.sbdf());
          unit.smmu.streams.invalidate(a.stream());
        });
        try {
          unit.smmu.resume();
        } catch (ExternalAbort absent) {
          unit.smmu.lost(NOTHING_ANSWERS);
        }
        gone.forEach(a -> unit.order(() -> unit.smmu.close(a.stream(), a.tag())));
      }
    }
  }

  @Override
  public void removed() {
    for (Unit unit : inOrder) {
      if (unit.driven()) {
        try {
          unit.smmu.leave();
        } catch (ExternalAbort absent) {
          unit.smmu.lost(NOTHING_ANSWERS);
        }
      }
    }
    inOrder.forEach(unit -> smmus.at(unit.node, context).detach(unit));
    domains.forget(this);
    p2m.forget(this);
  }

  // ---- Domains come and go

  /** The first domain decides: before there is one, SMMUs are whose they were. A hardware domain that runs already has them. */
  @Override
  public void created(Domain domain) {
    if (decided.value != 0 || domain.kind() == DomainSpec.Kind.SERVICE) {
      return;
    }
    decided.value = 1;
    boolean theirs = domains.domains().all().stream()
        .anyMatch(d -> d.kind() == DomainSpec.Kind.DOM0 && d.serial() != domain.serial());
    for (Unit unit : inOrder) {
      String reason = theirs ? "the hardware domain has it" : begin(unit);
      String text = reason == null ? "functions behind it reach what their domains have" : "not driven, as " + reason;
      log.add("SMMU " + unit.smmu.path + ": " + text);
      if (reason != null) {
        context.events().report(Faults.ERROR, unit.smmu.path, text);
      }
    }
  }

  private String begin(Unit unit) {
    try {
      return unit.smmu.begin(ids.highest(unit.smmu.path));
    } catch (ExternalAbort absent) {
      return NOTHING_ANSWERS;
    }
  }

  @Override
  public void destroyed(Domain domain) {
    for (Unit unit : inOrder) {
      unit.attachments.copy().stream().filter(a -> a.serial() == domain.serial()).forEach(a -> release(unit, a));
    }
  }

  // ---- Stage 2 changes

  @Override
  public void changed(Domain domain) {
    for (int i = 0; i < inOrder.size(); i++) {
      Unit unit = inOrder.get(i);
      Attachment attached = unit.attachments.domain(domain.serial());
      if (attached != null) {
        unit.order(() -> unit.smmu.commands.addresses(attached.tag()));
      }
    }
  }

  // ---- Functions

  private int attach(Unit unit, int sbdf, long stream, Domain domain) {
    List<Attachment> others = unit.attachments.stream(stream);
    Attachment stays = others.stream().filter(a -> a.sbdf() != sbdf && a.serial() != domain.serial()).findFirst().orElse(null);
    if (stays != null) {
      log.add("SMMU " + unit.smmu.path + ": " + Sbdf.text(sbdf) + " can't go to d" + domain.id() + " alone: "
          + Sbdf.text(stays.sbdf()) + " has the same stream");
      return -XenErrno.XEN_EBUSY;
    }
    long root = p2m.root(domain);
    if (root == 0) {
      return -XenErrno.XEN_ENOMEM;
    }
    Attachment wanted = new Attachment(sbdf, stream, domain.serial(), root);
    if (others.stream().anyMatch(a -> a.serial() == domain.serial())) {
      unit.attachments.put(wanted);
      return 0;
    }
    return attach(unit, wanted, others);
  }

  /** @param before what its stream was attached to: itself, or nothing */
  private int attach(Unit unit, Attachment wanted, List<Attachment> before) {
    Smmu smmu = unit.smmu;
    String[] unfit = new String[1];
    long[] control = new long[1];
    boolean there = unit.order(() -> {
      Features features = Features.of(smmu.registers);
      unfit[0] = features.unfit(wanted.tables(), p2m.control());
      control[0] = features.tableControl(p2m.control());
      return true;
    });
    if (!there || unfit[0] != null) {
      log.add("SMMU " + smmu.path + ": " + Sbdf.text(wanted.sbdf()) + " can't be attached: " + (there ? unfit[0] : NOTHING_ANSWERS));
      return -XenErrno.XEN_ENODEV;
    }
    if (!smmu.streams.reserve(wanted.stream())) {
      return -XenErrno.XEN_ENOMEM;
    }
    before.forEach(a -> release(unit, a));
    if (!unit.order(() -> smmu.open(wanted.stream(), wanted.tables(), control[0]))) {
      return -XenErrno.XEN_ENODEV;
    }
    unit.attachments.put(wanted);
    return 0;
  }

  /** A function has nobody; its stream reaches nothing if it was the last one. */
  private void release(Unit unit, Attachment attachment) {
    unit.attachments.remove(attachment.sbdf());
    if (unit.attachments.stream(attachment.stream()).isEmpty()) {
      unit.smmu.streams.invalidate(attachment.stream());
      unit.order(() -> unit.smmu.close(attachment.stream(), attachment.tag()));
    }
  }
}
