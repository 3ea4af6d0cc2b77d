// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.kit.DomainWords;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.watch.WatchedAddress.Space;
import org.xenolith.origin.api.OwnedWord;
import org.xenolith.origin.api.WordOwner;
import org.xenolith.xen.abi.GrantEntryV1;

/** Entries of domains' grant tables, for who asks who wrote them: the domain that grants, or the hypervisor, which marks them used. */
@Component
public final class GrantEntries implements WordOwner {
  private static final String NAME = "grant-entry";
  private static final String USAGE = "DOMAIN REFERENCE";

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  @Override
  public List<String> usages() {
    return List.of(USAGE, "a domain's entry that grants one of its pages");
  }

  @Override
  public OwnedWord word(Machine machine, List<String> words) {
    if (words.size() != 3) {
      throw new BadInput("expected " + NAME + " " + USAGE);
    }
    Domain domain = DomainWords.domain(machine, words.get(1));
    int ref = (int) DomainWords.number(words.get(2), "reference", Integer.MAX_VALUE);
    long entry = DomainWords.port(machine, GrantsPort.class).entry(domain, ref);
    if (entry == -1) {
      throw new BadInput("the table of d%d has no entry %d".formatted(domain.id(), ref));
    }
    return new OwnedWord("entry %d of the grant table of d%d, at 0x%x".formatted(ref, domain.id(), entry), new StopPlace.Access(
        Space.PHYSICAL, entry, GrantEntryV1.SIZE, false, true), past -> held(past, entry));
  }

  private static String held(Machine machine, long entry) {
    ByteBuffer bytes = ByteBuffer.wrap(machine.peek(entry, GrantEntryV1.SIZE)).order(ByteOrder.LITTLE_ENDIAN);
    return "flags 0x%x, to d%d, frame 0x%x".formatted(bytes.getShort(GrantEntryV1.FLAGS) & 0xFFFF, bytes.getShort(GrantEntryV1.DOMID)
        & 0xFFFF, bytes.getInt(GrantEntryV1.FRAME));
  }
}
