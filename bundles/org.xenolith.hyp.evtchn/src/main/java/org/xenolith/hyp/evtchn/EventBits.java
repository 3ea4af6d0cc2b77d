// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.kit.DomainWords;
import org.xenolith.inspect.kit.BitChange;
import org.xenolith.machine.control.Machine;
import org.xenolith.origin.api.OwnedWord;
import org.xenolith.origin.api.WordOwner;
import org.xenolith.xen.abi.FifoEvent;

/** The bits by which domains are told of events, for who asks who set or cleared them last: either ABI's, wherever the domain has them. */
@Component
public final class EventBits implements WordOwner {
  private static final String NAME = "event-channel";
  private static final String PENDING = "pending";
  private static final String MASK = "mask";
  private static final String USAGE = "DOMAIN PORT [" + PENDING + "|" + MASK + "]";

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  @Override
  public List<String> usages() {
    return List.of(USAGE, "the bit of a domain's port: a change of it, not any write");
  }

  @Override
  public OwnedWord word(Machine machine, List<String> words) {
    String which = words.size() == 4 ? words.get(3) : PENDING;
    if (words.size() < 3 || words.size() > 4 || !which.equals(PENDING) && !which.equals(MASK)) {
      throw new BadInput("expected " + NAME + " " + USAGE);
    }
    Domain domain = DomainWords.domain(machine, words.get(1));
    int port = (int) DomainWords.number(words.get(2), "port", FifoEvent.EVTCHN_FIFO_NR_CHANNELS);
    long bit = DomainWords.port(machine, EventChannelsPort.class).bit(domain, port, which.equals(MASK));
    if (bit == -1) {
      throw new BadInput("d%d has no bit of port %d".formatted(domain.id(), port));
    }
    BitChange change = new BitChange(bit >>> 3, (int) bit & 7);
    String what = "the %s bit of port %d of d%d, bit %d at 0x%x".formatted(which, port, domain.id(), change.bit(), change.physical());
    return new OwnedWord(what, change.place(what), past -> change.set(past) ? "1" : "0");
  }
}
