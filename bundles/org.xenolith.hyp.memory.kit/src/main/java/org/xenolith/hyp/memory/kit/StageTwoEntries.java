// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.memory.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.xenolith.command.api.BadInput;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.kit.DomainWords;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.watch.WatchedAddress.Space;
import org.xenolith.origin.api.OwnedWord;
import org.xenolith.origin.api.WordOwner;

/** Entries of domains' tables by the domain and its address, for who asks who wrote them. The component of a bundle with such tables extends it. */
public abstract class StageTwoEntries implements WordOwner {
  private static final String NAME = "stage2-entry";
  private static final String USAGE = "DOMAIN ADDRESS";

  @Override
  public final List<String> names() {
    return List.of(NAME);
  }

  @Override
  public final List<String> usages() {
    return List.of(USAGE, "the entry of a domain's tables that maps its physical address, or has it fault");
  }

  @Override
  public final OwnedWord word(Machine machine, List<String> words) {
    if (words.size() != 3) {
      throw new BadInput("expected " + NAME + " " + USAGE);
    }
    Domain domain = DomainWords.domain(machine, words.get(1));
    long address = DomainWords.number(words.get(2), "address of a domain's", Long.MAX_VALUE);
    long entry = DomainWords.port(machine, P2mPort.class).entry(domain, address >>> 12);
    if (entry == -1) {
      throw new BadInput("0x%x: d%d has no tables that go so far".formatted(address, domain.id()));
    }
    return new OwnedWord("the entry of 0x%x of d%d, at 0x%x".formatted(address, domain.id(), entry), new StopPlace.Access(Space.PHYSICAL,
        entry, Long.BYTES, false, true), past -> held(past, entry));
  }

  private static String held(Machine machine, long entry) {
    return "0x%016x".formatted(ByteBuffer.wrap(machine.peek(entry, Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getLong());
  }
}
