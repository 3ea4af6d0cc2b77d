// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xgene.msi;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.GuestMmio;
import org.xenolith.hyp.api.MessageShares.Frame;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.platform.api.AddressWindow;

/**
 * What CPUs see of messages. The guest: registers of a message frame (GICv2m; Arm SBSA, DEN0029, appendix), to which its functions don't
 * write. The hardware domain: a register without messages, and a summary that doesn't know of it; else its driver would read a guest's
 * messages away, or wait for ever until they are gone.
 */
final class TrappedFrames implements GuestMmio {
  private static final int TYPER = 0x008;
  private static final int FIRST_SHIFT = 16;

  private final MessageShare share;
  private final HostController host;

  TrappedFrames(MessageShare share, HostController host) {
    this.share = share;
    this.host = host;
  }

  @Override
  public boolean covers(Domain domain, long ipa) {
    return domain.kind() == DomainSpec.Kind.DOM0 ? within(host.messages(), ipa) || within(host.summary(), ipa)
        : within(MessageShare.REGISTERS, ipa) && share.has(domain);
  }

  private static boolean within(AddressWindow window, long ipa) {
    return ipa >= window.base() && ipa - window.base() < window.size();
  }

  @Override
  public long read(Vcpu vcpu, long ipa, int size) {
    if (ipa == host.summary().base() && vcpu.domain().kind() == DomainSpec.Kind.DOM0) {
      share.deliver();
      return host.others();
    }
    Frame frame = share.facts(vcpu.domain());
    return frame != null && ipa == MessageShare.REGISTERS.base() + TYPER ? (long) frame.first() << FIRST_SHIFT | frame.count() : 0;
  }

  /** The hardware domain's can only be read: with a CPU it sends no messages to what isn't its own. */
  @Override
  public void write(Vcpu vcpu, long ipa, int size, long value) {
    Frame frame = share.facts(vcpu.domain());
    if (frame != null && ipa == MessageShare.REGISTERS.base() + Frame.DOORBELL && frame.data((int) value) >= 0) {
      share.raise((int) value);
    }
  }
}
