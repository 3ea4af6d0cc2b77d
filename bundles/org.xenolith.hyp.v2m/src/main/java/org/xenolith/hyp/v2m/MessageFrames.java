// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.v2m;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.api.MessageShares;
import org.xenolith.hyp.api.MessageSharesPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * One share of the machine's message frame, its last interrupts, for one guest at a time. The guest sees the machine's frame at an
 * address of its own, through which its functions' messages pass the SMMU; virtual interrupts have the numbers of the physical ones.
 * The interrupts go back with the guest: the interrupt controller takes them all.
 */
final class MessageFrames implements DeviceModel, MessageShares, DomainListener {
  /** Free in the guest map of Xen's tools. */
  static final long GUEST_BASE = 0x0808_0000L;
  static final int SHARE = 16;
  private static final int PAGE = 0x1000;
  private static final int PAGE_SHIFT = 12;

  private final DeviceState state = new DeviceState();
  /** Serial of the domain that has the share; 0 for none. */
  private final LongCell owner = state.cell("owner", 0);
  private final DeviceContext context;
  private final DomainsPort domains;
  private final MessageSharesPort port;
  private final VirtualGicPort gic;
  private final P2mPort p2m;
  private final HypervisorLogPort log;
  private final Optional<HostFrame> host;

  /** @param allowed whether guests may have shares at all */
  MessageFrames(DeviceContext context, boolean allowed) {
    this.context = context;
    domains = context.port(DomainsPort.class);
    port = context.port(MessageSharesPort.class);
    gic = context.port(VirtualGicPort.class);
    p2m = context.port(P2mPort.class);
    log = context.port(HypervisorLogPort.class);
    host = allowed ? HostFrame.of(context.platform(), context.memory().physical()) : Optional.empty();
    // The hardware domain keeps some, too.
    if (host.isPresent() && host.get().count() > SHARE) {
      port.attach(this, context);
      domains.listen(this, context);
    }
  }

  private int first() {
    return host.orElseThrow().first() + host.orElseThrow().count() - SHARE;
  }

  // ---- MessageShares

  @Override
  public boolean covers(HostBridgePort bridge, int rid) {
    return MessageShares.reach(context.platform(), bridge, rid, host.orElseThrow().node().path());
  }

  @Override
  public Frame share(Domain domain) {
    if (owner.value == domain.serial()) {
      return facts(domain);
    }
    if (owner.value != 0 || domain.kind() != DomainSpec.Kind.DOMU) {
      return null;
    }
    for (int intid = first(); intid < first() + SHARE; intid++) {
      int error = gic.route(domain, intid, true);
      if (error != 0) {
        log.add("v2m: interrupt " + intid + " doesn't go to domain " + domain.id() + " (" + error + "): no messages");
        return null;
      }
    }
    int error = p2m.map(domain, GUEST_BASE >>> PAGE_SHIFT, host.orElseThrow().base() >>> PAGE_SHIFT, 1, PageType.DEVICE);
    if (error != 0) {
      log.add("v2m: domain " + domain.id() + "'s stage 2 doesn't take the message frame (" + error + "): no messages");
      return null;
    }
    owner.value = domain.serial();
    log.add("v2m: domain " + domain.id() + " has interrupts " + first() + " to " + (first() + SHARE - 1)
        + " of the message frame, and can raise all of it (unsafe-msi)");
    return facts(domain);
  }

  @Override
  public Frame facts(Domain domain) {
    return owner.value == domain.serial() ? new Frame(new AddressWindow(GUEST_BASE, PAGE), first(), SHARE) : null;
  }

  @Override
  public List<Integer> kept() {
    return IntStream.range(first(), first() + SHARE).boxed().toList();
  }

  // ---- domains and the model's life

  @Override
  public void destroyed(Domain domain) {
    if (owner.value == domain.serial()) {
      owner.value = 0;
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  /** The domain may have gone while nobody was here to hear of it. */
  @Override
  public void restored() {
    Domains core = domains.domains();
    if (core != null && core.all().stream().noneMatch(d -> d.serial() == owner.value)) {
      owner.value = 0;
    }
  }

  @Override
  public void removed() {
    domains.forget(this);
    port.detach(this);
  }
}
