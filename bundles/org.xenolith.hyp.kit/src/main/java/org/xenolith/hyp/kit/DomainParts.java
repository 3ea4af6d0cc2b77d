// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;

/**
 * What a subsystem has of each domain that has it, by the domain's serial number. All of it is in the subsystem's record, where a part's name says what it is made with: {@code 3 vcpus=2}. Parts of a
 * record may come before the core does that knows their domains, which are found when somebody asks.
 *
 * @param <P> what it has of one
 */
public final class DomainParts<P extends DomainPart> {
  static final String VCPUS = " vcpus=";
  private static final Pattern NAME = Pattern.compile("(\\d{1,9})" + VCPUS + "(\\d{1,4})(| .*)");

  /** Makes one of a domain's serial number and the number of its virtual CPUs. */
  public interface Maker<P> {
    /** A new one, for a record to be put into. */
    P make(int serial, int vcpus);
  }

  /** Makes one of what a name has besides. */
  public interface WordsMaker<P> {
    /**
     * A new one, for a record to be put into.
     *
     * @param made what {@link DomainPart#made} of the one that was saved said
     * @return null if there can be none such
     */
    @Nullable
    P make(int serial, int vcpus, String made);
  }

  private final DomainsPort port;
  private final WordsMaker<P> maker;
  private final List<P> all = new ArrayList<>();
  /** Who was asked for last, so that one virtual CPU's accesses look nothing up. */
  private @Nullable P last;

  /** Parts that are made of their domain's virtual CPUs alone; children {@code domains} of a subsystem's state. */
  public DomainParts(DeviceState state, DomainsPort port, Maker<P> maker) {
    this(state, port, (serial, vcpus, made) -> made.isEmpty() ? maker.make(serial, vcpus) : null);
  }

  /** Parts that are made of more. */
  public DomainParts(DeviceState state, DomainsPort port, WordsMaker<P> maker) {
    this.port = port;
    this.maker = maker;
    state.children("domains", this::clear, this::states, this::restored);
  }

  private void clear() {
    all.clear();
    last = null;
  }

  private Map<String, DeviceState> states() {
    Map<String, DeviceState> states = new LinkedHashMap<>();
    all.forEach(each -> states.put(each.name(), each.state));
    return states;
  }

  private DeviceState restored(String name) {
    Matcher matcher = NAME.matcher(name);
    P part = matcher.matches() ? maker.make(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), matcher.group(3))
        : null;
    if (part == null) {
      throw new StateMismatch("domains: a domain is named \"" + name + "\"");
    }
    all.add(part);
    return part.state;
  }

  /** The present ones, not to be changed. */
  public List<P> all() {
    return all;
  }

  /** The same, each with its domain if the core is there. */
  public List<P> found() {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).domain() == null) {
        find();
        break;
      }
    }
    return all;
  }

  private void find() {
    Domains core = port.domains();
    if (core != null) {
      core.all().forEach(this::of);
    }
  }

  /** That of a domain; null if it has none. */
  public @Nullable P of(Domain domain) {
    P part = last;
    if (part != null && part.domain() == domain) {
      return part;
    }
    part = with(domain.serial());
    if (part != null) {
      part.seen(domain);
      last = part;
    }
    return part;
  }

  /** That of the domain of a serial number, with its domain if the core is there; null if it has none. */
  public @Nullable P of(int serial) {
    P part = with(serial);
    if (part != null && part.domain() == null) {
      find();
    }
    return part;
  }

  private @Nullable P with(int serial) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).serial == serial) {
        return all.get(i);
      }
    }
    return null;
  }

  /** A domain gets one. @return it */
  public P add(P part, Domain domain) {
    part.seen(domain);
    all.add(part);
    return part;
  }

  /** A domain has it no more. */
  public void remove(P part) {
    all.remove(part);
    last = null;
  }

  /** Domains have them no more. */
  public void removeIf(Predicate<? super P> gone) {
    all.removeIf(gone);
    last = null;
  }
}
