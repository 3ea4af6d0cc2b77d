// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xgene.msi;

import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostInterrupt;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.api.MessageShares;
import org.xenolith.hyp.api.MessageSharesPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.arm.api.SharedInterrupt;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * The last register of the controller's last group, its 16 messages, for one guest at a time. The guest's functions write to it through
 * the SMMU; the group's interrupt, which the hardware domain has for the other registers, is looked at here first, and what came becomes
 * virtual interrupts of a message frame that the guest sees. They are the last 16 of the guest's controller, whatever the machine uses
 * these numbers for.
 */
final class MessageShare implements DeviceModel, MessageShares, DomainListener {
  /** A guest's frame; free in the guest map of Xen's tools. */
  static final AddressWindow REGISTERS = new AddressWindow(0x0808_0000L, 0x1000);
  /** Where a guest's stage 2 has the machine's register. */
  static final long TARGET = REGISTERS.base() + REGISTERS.size();
  static final int SHARE = 16;
  private static final int PAGE_SHIFT = 12;
  /** The share is below: from 1020 on there are no shared interrupts, and 16 begin at a multiple of 16. */
  private static final int END_OF_SHARES = 1008;

  private final DeviceState state = new DeviceState();
  /** Serial of the domain that has the share; 0 for none. */
  private final LongCell owner = state.cell("owner", 0);
  /** Its first INTID. */
  private final LongCell first = state.cell("first", 0);
  private final DeviceContext context;
  private final DomainsPort domains;
  private final MessageSharesPort port;
  private final VirtualGicPort gic;
  private final P2mPort p2m;
  private final GuestTrapsPort traps;
  private final HypervisorLogPort log;
  private final HostController host;
  private final SharedInterrupt interrupt = this::interrupt;
  private final HostInterrupt alone = this::interruptAlone;
  private final TrappedFrames frames;
  /** The domain of that serial. */
  private Domain guest;

  /** @param host null if guests may have no shares, or there is nothing to share */
  MessageShare(DeviceContext context, HostController host) {
    this.context = context;
    this.host = host;
    domains = context.port(DomainsPort.class);
    port = context.port(MessageSharesPort.class);
    gic = context.port(VirtualGicPort.class);
    p2m = context.port(P2mPort.class);
    traps = context.port(GuestTrapsPort.class);
    log = context.port(HypervisorLogPort.class);
    frames = new TrappedFrames(this, host);
    if (host != null) {
      port.attach(this, context);
      domains.listen(this, context);
      traps.claim(frames, context);
      gic.claimShared(host.intid(), interrupt, context);
      hardwareDomain(false);
      serveAlone();
    }
  }

  /** A hardware domain that hasn't the group's interrupt, as one by ACPI, never lets it through: then it is all served here. */
  private void serveAlone() {
    Domains core = domains.domains();
    List<? extends Domain> all = core == null ? List.of() : core.all();
    if (all.stream().anyMatch(domain -> domain.kind() == DomainSpec.Kind.DOM0 && !domain.permissions().mayHave(host.intid()))) {
      gic.claimHost(host.intid(), false, alone, context);
    }
  }

  /** The hardware domain, if it is there, gets what is withheld, or loses it. */
  private void hardwareDomain(boolean mapped) {
    Domains core = domains.domains();
    List<? extends Domain> all = core == null ? List.of() : core.all();
    for (Domain domain : all) {
      for (AddressWindow window : domain.kind() == DomainSpec.Kind.DOM0 ? withheld() : List.<AddressWindow>of()) {
        long frame = window.base() >>> PAGE_SHIFT;
        int error = mapped ? p2m.map(domain, frame, frame, window.size() >>> PAGE_SHIFT, PageType.DEVICE)
            : p2m.unmap(domain, frame, window.size() >>> PAGE_SHIFT);
        if (error != 0) {
          log.add("xgenemsi: domain 0's stage 2 doesn't change at 0x%x (%d)".formatted(window.base(), error));
        }
      }
    }
  }

  // ---- messages

  private boolean interrupt(CpuPort cpu, int intid) {
    deliver();
    return host.others() == 0;
  }

  private void interruptAlone(CpuPort cpu, int intid) {
    if (!interrupt(cpu, intid)) {
      // Somebody sends to registers that nobody reads: it would come for ever.
      gic.releaseHost(intid, alone);
      log.add("xgenemsi: messages came for registers of the group that nobody has; its interrupt is turned off");
    }
  }

  /** What came for the guest becomes its interrupts. */
  void deliver() {
    for (int bits = host.take(); bits != 0; bits &= bits - 1) {
      raise((int) first.value + Integer.numberOfTrailingZeros(bits));
    }
  }

  /** An interrupt of the share becomes pending; nothing if nobody has the share. */
  void raise(int intid) {
    if (guest != null) {
      gic.inject(guest.vcpu(0), intid);
    }
  }

  boolean has(Domain domain) {
    return owner.value != 0 && owner.value == domain.serial();
  }

  // ---- MessageShares

  @Override
  public boolean covers(HostBridgePort bridge, int rid) {
    return MessageShares.reach(context.platform(), bridge, rid, host.node().path());
  }

  @Override
  public Frame share(Domain domain) {
    if (has(domain)) {
      return facts(domain);
    }
    if (owner.value != 0 || domain.kind() != DomainSpec.Kind.DOMU) {
      return null;
    }
    int error = p2m.map(domain, TARGET >>> PAGE_SHIFT, host.messages().base() >>> PAGE_SHIFT, 1, PageType.DEVICE);
    if (error != 0) {
      log.add("xgenemsi: domain " + domain.id() + "'s stage 2 doesn't take the message register (" + error + "): no messages");
      return null;
    }
    host.take(); // what came while it was nobody's
    first.value = Math.min(gic.facts(domain).lines(), END_OF_SHARES) - SHARE;
    owner.value = domain.serial();
    guest = domain;
    log.add("xgenemsi: domain " + domain.id() + " has 16 messages of " + host.node().path() + " (unsafe-msi)");
    return facts(domain);
  }

  @Override
  public Frame facts(Domain domain) {
    return has(domain) ? new Frame(REGISTERS, (int) first.value, SHARE, TARGET, 0) : null;
  }

  /** The group's interrupt is shared, and others the guest doesn't need. */
  @Override
  public List<Integer> kept() {
    return List.of();
  }

  @Override
  public List<AddressWindow> withheld() {
    return List.of(host.messages(), host.summary());
  }

  // ---- domains and the model's life

  @Override
  public void started(Domain domain) {
    if (domain.kind() == DomainSpec.Kind.DOM0) {
      serveAlone();
    }
  }

  @Override
  public void renewed(Domain domain) {
    if (has(domain)) {
      guest = domain;
    }
  }

  @Override
  public void destroyed(Domain domain) {
    if (has(domain)) {
      owner.value = 0;
      guest = null;
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    guest = null;
  }

  /** The domain may have gone while nobody was here to hear of it. */
  @Override
  public void restored() {
    Domains core = domains.domains();
    if (core != null) {
      guest = null;
      for (Domain domain : core.all()) {
        guest = has(domain) ? domain : guest;
      }
      owner.value = guest == null ? 0 : owner.value;
    }
    if (host != null) {
      serveAlone();
    }
  }

  @Override
  public void removed() {
    if (host != null) {
      gic.releaseShared(host.intid(), interrupt);
      gic.releaseHost(host.intid(), alone);
      traps.release(frames);
      domains.forget(this);
      port.detach(this);
      hardwareDomain(true);
    }
  }
}
